#!/usr/bin/env node
// Attributes for a platform that has a legal basis, read by npm `openid-client` 6 and `jose` 6, unmodified; over-asking
// refused. Only against wangzheng: the control knows no scenarios with attributes. Serves R8.1, R8.2, R10.1, B1.
//
//   node clients/verified_claims.mjs --data DIR --wallet 'wangzheng wallet'
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import { Platform } from '../browser/platform.mjs';
import { Demo } from '../harness/demo.mjs';
import { disclosed } from '../harness/disclosed.mjs';
import { Suite } from '../harness/suite.mjs';

const { values: option } = parseArgs({
  options: { data: { type: 'string' }, wallet: { type: 'string' }, only: { type: 'string', default: '' } },
});
const demo = new Demo(option);
const suite = new Suite(`verified_claims → ${demo.issuer}`);
const both = ['name', 'document_number'];
const { document } = demo.person('resident');

suite.check('consent to both: the bank decrypts both, and both receipts name them', async () => {
  const { claims, detail } = await verify('bank', both, '--consent', 'all');
  assert.deepEqual(claims, { name: document.holder, document_number: document.number });
  assert.deepEqual(detail.attributes, both);
  assert.deepEqual(receipt(detail).disclosed, both);
  assert.equal(detail.further_plaintext, 'prohibited');
  const own = JSON.parse(wallet('receipts', '--person', 'resident', '--json'));
  assert.ok(JSON.stringify(own).includes('document_number'), "the person's own record names what was given");
  assert.ok(!JSON.stringify(own).includes(document.number), 'and never a value');
});

suite.check('consent to one of two: one leaves', async () => {
  const { claims, detail } = await verify('bank', both, '--consent', 'name');
  assert.deepEqual(claims, { name: document.holder });
  assert.deepEqual(detail.attributes, ['name']);
});

suite.check('consent to none is the default, and still a pass', async () => {
  const { claims, detail } = await verify('bank', both);
  assert.deepEqual(claims, {});
  assert.equal(detail.result, 'pass');
  assert.deepEqual(detail.attributes, []);
  assert.deepEqual(receipt(detail).disclosed, []);
});

suite.check('an age marker is one predicate', async () => {
  const { claims } = await verify('game', ['age_marker'], '--consent', 'all');
  assert.deepEqual(claims, { age_marker: { bracket: 'minor', holds: false } });
});

suite.check('consent to what was not asked: exit 1, R8.2 named, nothing decided', async () => {
  const request = await new Platform(demo, 'bank').asks({ attributes: ['name'] });
  const failed = fails(() => wallet('approve', '--person', 'resident', '--json', '--consent', 'name,birth_date', request.url));
  assert.equal(failed.status, 1);
  assert.match(failed.stderr + failed.stdout, /R8\.2/);
  JSON.parse(wallet('approve', '--person', 'resident', '--json', '--consent', 'name', request.url));
});

suite.check('over-asking is refused when pushed, with the rule named', async () => {
  for (const [name, attributes] of [['greedy', ['name']], ['bank', ['birth_date']], ['forum', ['document_number']]]) {
    const error = await new Platform(demo, name).asks({ attributes }).then(() => undefined, (cause) => cause);
    assert.equal(error?.error, 'invalid_authorization_details', name);
    assert.match(error.error_description, /R8\.2/);
  }
});

await demo.applies('resident');
await suite.run(option);

async function verify(name, attributes, ...consent) {
  const platform = new Platform(demo, name);
  const request = await platform.asks({ attributes });
  const { redirect } = JSON.parse(wallet('approve', '--person', 'resident', '--json', ...consent, request.url));
  const tokens = await platform.exchanges(request, { url: () => redirect });
  const [detail] = tokens.authorization_details;
  return { tokens, detail, claims: await disclosed(demo.issuer, demo.platform(name), tokens.claims()) };
}

function receipt({ receipt: text }) {
  return JSON.parse(Buffer.from(text.split('.')[1], 'base64url'));
}

function wallet(verb, ...words) {
  const [program, ...before] = option.wallet.split(' ');
  return execFileSync(program, [...before, verb, '--data', option.data, ...words], { encoding: 'utf8', stdio: 'pipe' });
}

function fails(step) {
  try {
    step();
  } catch (error) {
    return error;
  }
  assert.fail('it went through');
}
