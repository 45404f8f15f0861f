#!/usr/bin/env node
// Two service processes on one database file: what may happen once, happens once, whichever process is asked (B2).
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

import { Demo, secretsOf } from '../harness/demo.mjs';
import { BINARY, faultsInLog } from '../harness/service.mjs';
import { Suite } from '../harness/suite.mjs';
import { startTwo } from './processes.mjs';

const call = promisify(execFile);
const two = await startTwo();
const demo = new Demo(two);
const lab = demo.platform('lab');
const authorization = `Basic ${Buffer.from(`${lab.client_id}:${lab.client_secret}`).toString('base64')}`;
const suite = new Suite('two processes, one database file');

suite.check('both processes answer for one issuer with one key set', async () => {
  const sets = await Promise.all(two.processes.map(({ address }) => json(`${address}/oauth/jwks`)));
  assert.deepEqual(sets[0], sets[1]);
  const names = await Promise.all(two.processes.map(({ address }) => json(`${address}/.well-known/openid-configuration`)));
  assert.deepEqual(names[0], names[1]);
});

suite.check('32 redemptions of one code, half at each process: one wins', async () => {
  for (let round = 0; round < 4; round += 1) {
    const { url, verifier } = await ask();
    const redirect = await demo.approve(url);
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, index) => redeem(two.processes[index % 2].address, redirect, verifier)),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      assert.deepEqual([status, body.error], [400, 'invalid_grant']);
    }
    const [{ body: won }] = answers.filter(({ status }) => status === 200);
    for (const { address } of two.processes) {
      const response = await fetch(`${address}/oauth/userinfo`, { headers: { authorization: `Bearer ${won.access_token}` } });
      assert.equal(response.status, 401, 'a replay takes back what the code gave, at both');
    }
  }
});

suite.check('a code made by one process is good at the other', async () => {
  for (const { address } of two.processes) {
    const { url, verifier } = await ask();
    const { status, body } = await redeem(address, await demo.approve(url), verifier);
    assert.equal(status, 200, JSON.stringify(body));
  }
});

suite.check('of eight people who approve one request at once, one is taken', async () => {
  for (let round = 0; round < 3; round += 1) {
    const { url, verifier } = await ask();
    const people = ['resident', ...Array.from({ length: 7 }, (_, index) => `resident${index + 2}`)];
    const settled = await Promise.allSettled(people.map((name) => demo.approve(url, name)));
    const redirects = settled.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
    assert.equal(redirects.length, 1);
    for (const { reason } of settled.filter(({ status }) => status === 'rejected')) assert.match(reason.message, /request_taken/);
    assert.equal((await redeem(two.processes[round % 2].address, redirects[0], verifier)).status, 200);
  }
});

suite.check('an approval racing a refusal has one winner', async () => {
  for (let round = 0; round < 6; round += 1) {
    const { url } = await ask();
    const settled = await Promise.allSettled(
      round % 2 ? [demo.approve(url), demo.refuse(url)] : [demo.refuse(url), demo.approve(url)],
    );
    assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 1);
  }
});

suite.check('openid-client completes everything across both', async () => {
  const script = fileURLToPath(new URL('../clients/openid_client.mjs', import.meta.url));
  const { stdout } = await call(process.execPath, [script, '--data', two.data, '--wallet', two.wallet]).catch(({ stdout: said }) => {
    throw new Error(said);
  });
  assert.match(stdout, / 0 failed/);
  assert.ok(two.served.every((connections) => connections > 10), `connections: ${two.served}`);
});

suite.check('the one log both wrote verifies', async () => {
  await call(BINARY, ['audit', 'verify', '--data', two.data, '--json']);
});

suite.check('their logs are clean', () => {
  const faults = two.processes.flatMap(({ log }) => faultsInLog(log, demo.persons.flatMap(secretsOf)));
  assert.deepEqual(faults, []);
});

try {
  await demo.applies('resident', ...Array.from({ length: 8 }, (_, index) => `resident${index + 2}`));
  await suite.run({ limit: 180_000 });
} finally {
  await two.stop();
}

/** One request of the platform `lab`, pushed: whoever opens the address opens this same request. */
async function ask() {
  const verifier = randomBytes(32).toString('base64url');
  const response = await fetch(`${demo.issuer}/oauth/par`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({
      response_type: 'code',
      client_id: lab.client_id,
      redirect_uri: lab.redirect_uri,
      scope: 'openid',
      state: randomBytes(16).toString('base64url'),
      nonce: randomBytes(16).toString('base64url'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }),
  });
  assert.equal(response.status, 201);
  const { request_uri: pushed } = await response.json();
  const url = new URL(`${demo.issuer}/oauth/authorize`);
  url.search = new URLSearchParams({ client_id: lab.client_id, request_uri: pushed });
  return { url, verifier };
}

async function redeem(address, redirect, verifier) {
  const response = await fetch(`${address}/oauth/token`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: redirect.searchParams.get('code'),
      redirect_uri: lab.redirect_uri,
      code_verifier: verifier,
    }),
  });
  return { status: response.status, body: await response.json() };
}

async function json(address) {
  return (await fetch(address)).json();
}
