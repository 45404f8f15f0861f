#!/usr/bin/env node
// Runs every client against one provider, which it starts and stops.
//
//   node clients/run.mjs control      npm oidc-provider
//   node clients/run.mjs ours         `wangzheng demo` of WANGZHENG_BIN
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Demo, secretsOf } from '../harness/demo.mjs';
import { faultsInLog, startControl, startDemo } from '../harness/service.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PYTHON = join(HERE, '..', '.venv', 'bin', 'python');
const CLIENTS = [
  ['node', join(HERE, 'openid_client.mjs')],
  [PYTHON, join(HERE, 'authlib_client.py')],
  [PYTHON, join(HERE, 'requests_oauth2client_client.py')],
];

const target = process.argv[2];
if (!['control', 'ours'].includes(target)) {
  console.error('usage: run.mjs control|ours');
  process.exit(2);
}
if (target === 'ours') CLIENTS.push(['node', join(HERE, 'verified_claims.mjs')]); // the control discloses nothing
const service = await (target === 'control' ? startControl() : startDemo({ name: 'clients-demo' }));
const { persons } = new Demo(service);
let failed = 0;
try {
  for (const [program, script] of CLIENTS) {
    failed += (await run(program, [script, '--data', service.data, '--wallet', service.wallet])) ? 1 : 0;
  }
} finally {
  await service.stop();
}
const faults = faultsInLog(service.log, persons.flatMap(secretsOf));
if (faults.length) {
  failed += 1;
  console.log(`   FAIL  the log of the service is clean\n${faults.map((fault) => `         ${fault}`).join('\n')}`);
}
console.log(`${target}: ${CLIENTS.length + 1 - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

function run(program, words) {
  return new Promise((resolve, reject) => {
    spawn(program, words, { stdio: 'inherit' }).on('error', reject).on('exit', (code) => resolve(code ?? 1));
  });
}
