#!/usr/bin/env node
// Runs the browser tests: each group against a `wangzheng demo` of its own with a fresh data folder, two at a time.
//
//   node browser/run.mjs [--only TEXT] [--group NAME]
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { secretsOf } from '../harness/demo.mjs';
import { faultsInLog, startDemo } from '../harness/service.mjs';
import { Suite } from '../harness/suite.mjs';
import { World } from './world.mjs';

const GROUPS = ['looks', 'main_job', 'staff', 'trouble', 'keys', 'cross_device', 'disclosure', 'family', 'reading', 'rights', 'expiry', 'without_script']; // the longest first
const TOGETHER = 2; // pages mostly wait; two groups keep two cores busy

const { values: option } = parseArgs({
  options: { only: { type: 'string', default: '' }, group: { type: 'string' } },
});
const count = option.group ? await one(option.group) : await all();
if (!option.group) console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed || !count.passed ? 1 : 0;

/** Every group in a process of its own; what a group printed is shown when it is done. */
async function all() {
  const total = { passed: 0, failed: 0 };
  const waiting = [...GROUPS];
  const worker = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) {
      const printed = await inProcess(name);
      console.log(printed.trimEnd());
      const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(printed) ?? [0, 0, 1];
      total.passed += Number(passed);
      total.failed += Number(failed);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, worker));
  return total;
}

function inProcess(name) {
  return new Promise((resolve, reject) => {
    const words = [fileURLToPath(import.meta.url), '--group', name, '--only', option.only];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
    child.on('error', reject);
    child.on('close', () => resolve(printed));
  });
}

async function one(name) {
  const group = await import(`./tests/${name}.mjs`);
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
