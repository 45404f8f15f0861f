// What a browser test may use: the demo, its forum, platforms of the test's own, and people who hold no 网证 yet.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { Demo } from '../harness/demo.mjs';
import { Forum } from './forum.mjs';
import { Person } from './person.mjs';
import { Platform } from './platform.mjs';
import { Stage } from './stage.mjs';

/** One demo and one browser, for one group of tests. */
export class World {
  #people;

  static async of(service) {
    const world = new World();
    world.demo = new Demo(service);
    world.issuer = service.issuer;
    world.forum = new Forum(service.platforms);
    const callback = new URL(world.demo.platform('forum').redirect_uri).origin;
    world.stage = await Stage.open([service.issuer, service.platforms, callback]);
    world.#people = world.demo.persons
      .map(({ name }) => name)
      .filter((name) => /^resident\d?$/.test(name) && !existsSync(join(service.data, 'wallets', name)));
    return world;
  }

  /** A person whom no test has used before, with a profile of its own. */
  async person({ name = this.#people.shift(), language, ...profile } = {}) {
    const sandbox = this.demo.person(name);
    return new Person(await this.stage.profile({ language, ...profile }), this.issuer, sandbox, { language });
  }

  platform(name = 'forum') {
    return new Platform(this.demo, name);
  }

  async around(title, step) {
    let failed = true;
    try {
      await step();
      failed = false;
    } finally {
      await this.stage.clear(title, failed);
    }
  }
}
