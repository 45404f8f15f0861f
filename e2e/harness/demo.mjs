// What `DIR/demo.json` says (design §5), and persons who decide by command.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a client's redirect would go; nobody listens there, the wallet prints the redirect and does not follow it. */
const CALLBACK = 'http://127.0.0.1:9999/cb';

/** A running provider, ours or the control, seen from outside: its data folder, and the command that plays a person. */
export class Demo {
  /** `wallet` is the command line of the person, e.g. `wangzheng wallet` or `node control/wallet.mjs`. */
  constructor({ data, wallet }) {
    this.data = data;
    this.wallet = wallet.split(' ');
    Object.assign(this, JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')));
  }

  /** The platform of this name; throws, naming those there are, when there is none. */
  platform(name) {
    const found = this.platforms.find((platform) => platform.name === name);
    if (!found) throw new Error(`demo.json has no platform ${name}, only ${this.platforms.map((p) => p.name)}`);
    return { ...found, redirect_uri: found.redirect_uris.includes(CALLBACK) ? CALLBACK : found.redirect_uris[0] };
  }

  person(name) {
    const found = this.persons.find((person) => person.name === name);
    if (!found) throw new Error(`demo.json has no person ${name}`);
    return found;
  }

  /** A 网证 for each of these persons who has none yet. The control's persons need none. */
  async applies(...names) {
    if (this.wallet[0].endsWith('node')) return;
    for (const name of names) {
      if (existsSync(join(this.data, 'wallets', name))) continue;
      await this.#run('apply', '--issuer', this.issuer, '--person', name, '--pin', this.person(name).pin, '--json');
    }
  }

  /** The person approves; gives the redirect back to the platform. */
  async approve(url, name = 'resident') {
    return this.#decide(url, name);
  }

  /** The person refuses; gives the redirect back to the platform. */
  async refuse(url, name = 'resident') {
    return this.#decide(url, name, '--deny');
  }

  async #decide(url, name, ...flags) {
    const printed = await this.#run('approve', '--person', name, '--json', ...flags, String(url));
    return new URL(JSON.parse(printed).redirect);
  }

  #run(verb, ...words) {
    const [program, ...before] = this.wallet;
    const all = [...before, verb, '--data', this.data, ...words];
    return new Promise((resolve, reject) => {
      execFile(program, all, { timeout: 60_000 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${program} ${all.join(' ')}: exit ${error.code}\n${stderr}${stdout}`));
        else resolve(stdout);
      });
    });
  }
}

/** The values of a person that may never reach a platform (R8.1): searched for in all that a client received. */
export function secretsOf({ document, pin }) {
  const compact = document.birth_date.replaceAll('-', '');
  return [document.number, document.holder, document.birth_date, compact, pin].filter(Boolean);
}
