#!/usr/bin/env node
// Runs the browser tests: each group against a `wangzheng demo` of its own with a fresh data folder.
//
//   node browser/run.mjs [--only TEXT] [--group NAME]
import { parseArgs } from 'node:util';

import { secretsOf } from '../harness/demo.mjs';
import { faultsInLog, startDemo } from '../harness/service.mjs';
import { Suite } from '../harness/suite.mjs';
import { World } from './world.mjs';

const GROUPS = ['main_job', 'trouble', 'expiry', 'without_script', 'cross_device', 'looks'];
const { values: option } = parseArgs({
  options: { only: { type: 'string', default: '' }, group: { type: 'string' } },
});
const total = { passed: 0, failed: 0 };
for (const name of option.group ? [option.group] : GROUPS) {
  const group = await import(`./tests/${name}.mjs`);
  const count = await run(name, group).catch((error) => {
    console.log(`   FAIL  ${name} could not begin: ${error.message}`);
    return { passed: 0, failed: 1 };
  });
  total.passed += count.passed;
  total.failed += count.failed;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed || !total.passed ? 1 : 0;

async function run(name, group) {
  const service = await startDemo({ name: `browser-${name}`, flags: group.flags });
  try {
    const world = await World.of(service);
    const suite = new Suite(`browser: ${group.title}`);
    group.checks((title, step) => suite.check(title, () => step(world)));
    suite.check('the log of the service is clean', () => {
      const faults = faultsInLog(service.log, world.demo.persons.flatMap(secretsOf));
      if (faults.length) throw new Error(faults.join('\n'));
    });
    const count = await suite.run({ only: option.only, limit: 240_000, around: (title, step) => world.around(title, step) });
    await world.stage.close();
    return count;
  } finally {
    await service.stop();
  }
}
