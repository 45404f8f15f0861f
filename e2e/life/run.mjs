#!/usr/bin/env node
// Lives played at the command line against a running demo: the seven documents, a family, an over-asking platform, a
// bank with a legal basis, rights, and a person who leaves. Serves R4.2–R4.4, R5.2, R8.1–R8.3, R9.5, R15.1, P-rights.
//
//   node e2e/life/run.mjs [--only TEXT]
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { compactDecrypt, decodeJwt, importJWK } from 'jose';

import { connect } from '../harness/client.mjs';
import { Demo, secretsOf } from '../harness/demo.mjs';
import { BINARY, faultsInLog, startDemo } from '../harness/service.mjs';
import { Suite } from '../harness/suite.mjs';

const { values: option } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const service = await startDemo({ name: 'life-demo' });
const demo = new Demo(service);
const suite = new Suite('lives at the command line');

suite.check('R15.1: a holder of each of the seven kinds of document applies', async () => {
  // `resident` applied in the demo's own walk.
  for (const name of ['overseas', 'hongkong', 'taiwan', 'hk_resident', 'tw_resident', 'foreigner', 'foreigner_old', 'macau', 'elder']) {
    const { status, err } = await wallet('apply', name, '--issuer', demo.issuer);
    assert.equal(status, 0, `${name}: ${err}`);
  }
  const kinds = new Set(demo.persons.map((person) => person.document.kind));
  assert.equal(kinds.size, 7);
});

suite.check('R4.1: an expired and a lost document are refused by a rule that is named', async () => {
  for (const name of ['expired', 'lost']) {
    const { status, err } = await wallet('apply', name, '--issuer', demo.issuer);
    assert.equal(status, 1, name);
    assert.match(err, /R4\.1/);
  }
});

suite.check('R2.3: the same person does not apply twice', async () => {
  const { status } = await wallet('apply', 'resident', '--issuer', demo.issuer);
  assert.equal(status, 1);
});

suite.check('R4.2–R4.4: a family applies', async () => {
  for (const name of ['father', 'mother', 'resident2']) await done('apply', name, '--issuer', demo.issuer);
  const refused = async (rule, ...words) => {
    const { status, err } = await wallet('apply', ...words, '--issuer', demo.issuer);
    assert.equal(status, 1, words.join(' '));
    assert.match(err, rule);
  };
  await refused(/R4\.4/, 'child7', '--guardian', 'mother');
  await refused(/R4\.2/, 'child13');
  await refused(/./, 'child13', '--guardian', 'resident2');
  await done('apply', 'child13', '--guardian', 'mother', '--issuer', demo.issuer);
  await refused(/R4\.3/, 'teen16');
  await done('apply', 'teen16', '--guardian', 'father', '--issuer', demo.issuer);
});

suite.check('R5.2: under 14 a guardian consents at each use, and a platform cannot tell', async () => {
  const forum = await connect(demo, 'forum');
  const request = await forum.asks();
  const alone = await wallet('approve', 'child13', request.url.href);
  assert.equal(alone.status, 1);
  assert.match(alone.err, /R5\.2/);
  const { claims, detail } = await forum.redeems(request, await approve('child13', request, '--guardian', 'mother'));
  assert.equal(detail.result, 'pass');
  assert.ok(!JSON.stringify(claims).includes('guardian'));
  const second = await forum.asks();
  assert.equal((await wallet('approve', 'child13', second.url.href)).status, 1, 'the consent was for one use');
  const denied = await approve('child13', second, '--guardian', 'father', '--deny');
  assert.deepEqual(Object.fromEntries(denied.searchParams), { error: 'access_denied', state: second.state, iss: demo.issuer });
});

suite.check('R9.2: the consent of a child under 14 is withdrawn by a guardian', async () => {
  const alone = await wallet('consents', 'child13', '--withdraw', 'forum');
  assert.equal(alone.status, 1);
  assert.match(alone.err, /R4\.2, R9\.2/);
  const { done: acts } = await done('consents', 'child13', '--withdraw', 'forum', '--guardian', 'mother');
  assert.equal(acts[0].act, 'withdrawn');
});

suite.check('R4.3: from 14 on the child approves alone', async () => {
  const forum = await connect(demo, 'forum');
  const request = await forum.asks();
  await forum.redeems(request, await approve('teen16', request));
});

suite.check('R8.2: over-asking is refused when pushed, and the rule is named', async () => {
  const greedy = await connect(demo, 'greedy');
  await assert.rejects(greedy.asks({ attributes: ['name', 'document_number', 'birth_date'] }), (error) => {
    assert.equal(error.error, 'invalid_authorization_details');
    assert.match(error.error_description, /R8\.2/);
    return true;
  });
  const request = await greedy.asks();
  assert.equal((await greedy.redeems(request, await approve('resident', request))).detail.result, 'pass');
});

suite.check('R8.2: attributes leave only where the person ticked them, encrypted to the platform', async () => {
  const bank = await connect(demo, 'bank');
  const attributes = ['name', 'document_number'];
  const scenario = bank.platform.scenarios.find((each) => attributes.every((name) => each.attributes.includes(name)));
  const person = demo.person('resident');
  for (const [consent, expected] of [['none', []], ['name', ['name']], ['all', attributes]]) {
    const request = await bank.asks({ scenario: scenario.id, attributes });
    const { claims, detail } = await bank.redeems(request, await approve('resident', request, '--consent', consent));
    assert.equal(detail.result, 'pass');
    assert.equal(detail.further_plaintext, 'prohibited');
    assert.deepEqual(decodeJwt(detail.receipt).disclosed, expected);
    if (!expected.length) {
      assert.equal(claims.verified_claims, undefined);
      continue;
    }
    const key = bank.platform.jwks.keys.find((each) => each.use === 'enc');
    const { key_ops: _operations, ...material } = key;
    const { plaintext } = await compactDecrypt(claims.verified_claims, await importJWK(material, key.alg));
    const opened = decodeJwt(new TextDecoder().decode(plaintext));
    const { claims: given } = opened.verified_claims ?? opened;
    assert.deepEqual(Object.keys(given).sort(), [...expected].sort());
    assert.equal(given.name, person.document.holder);
  }
});

suite.check('R8.2: consent to what was not asked is refused', async () => {
  const forum = await connect(demo, 'forum');
  const request = await forum.asks();
  assert.equal((await wallet('approve', 'resident', '--consent', 'name', request.url.href)).status, 1);
});

suite.check('R10.1: an age marker is one bracket', async () => {
  const game = await connect(demo, 'game');
  const scenario = game.platform.scenarios.find((each) => each.attributes.length > 0);
  const request = await game.asks({ scenario: scenario.id, attributes: scenario.attributes.slice(0, 1) });
  const { claims } = await game.redeems(request, await approve('teen16', request, '--consent', 'all'));
  assert.equal(typeof claims.verified_claims, 'string');
});

suite.check('P-rights: copy, correct, restrict and lift', async () => {
  const copy = await done('rights', 'resident', 'export');
  const file = copy.path ?? copy.file ?? copy.out;
  assert.ok(existsSync(file), JSON.stringify(copy));
  assert.ok(readFileSync(file, 'utf8').length > 500);
  assert.equal((await wallet('rights', 'resident', 'correct')).status, 0);
  await done('rights', 'resident', 'restrict');
  const forum = await connect(demo, 'forum');
  const request = await forum.asks();
  assert.equal((await wallet('approve', 'resident', request.url.href)).status, 1);
  await done('rights', 'resident', 'restrict', '--lift');
  await forum.redeems(request, await approve('resident', request));
});

suite.check('R8.3: consents are listed and withdrawn', async () => {
  const listed = JSON.stringify(await done('consents', 'resident'));
  assert.match(listed, /bank/);
  await done('consents', 'resident', '--withdraw', 'bank');
});

suite.check('R7.2: a complaint has a number and a deadline', async () => {
  const complaint = await done('complain', 'resident', '--platform', 'forum', '--kind', 'plaintext_demanded', '--text', '还要我上传身份证照片');
  assert.ok(complaint.number, JSON.stringify(complaint));
});

suite.check('R2.1: a re-issued 网号 changes nothing for a platform', async () => {
  const forum = await connect(demo, 'forum');
  const subject = async () => {
    const request = await forum.asks();
    return (await forum.redeems(request, await approve('elder', request))).claims.sub;
  };
  const before = await subject();
  await done('reissue', 'elder');
  assert.equal(await subject(), before);
});

suite.check('R9.5: who leaves is gone, and comes back as somebody new', async () => {
  const forum = await connect(demo, 'forum');
  await done('apply', 'resident9', '--issuer', demo.issuer);
  const first = await forum.asks();
  const { sub } = (await forum.redeems(first, await approve('resident9', first))).claims;
  const receipt = await done('leave', 'resident9');
  assert.match(JSON.stringify(receipt), /eyJ/, 'a signed receipt of erasure');
  const gone = await forum.asks();
  assert.equal((await wallet('approve', 'resident9', gone.url.href)).status, 1);
  await done('apply', 'resident9', '--issuer', demo.issuer);
  const again = await forum.asks();
  assert.notEqual((await forum.redeems(again, await approve('resident9', again))).claims.sub, sub);
  await done('leave', 'resident9');
  const { status, err } = await wallet('apply', 'resident9', '--issuer', demo.issuer);
  assert.equal(status, 1, 'the second time one has to wait');
  assert.match(err, /R2\.3|\d{4}-\d{2}-\d{2}/);
});

suite.check('R4.2: a guardian of a child cannot leave before there is a way for the child', async () => {
  const { status, err } = await wallet('leave', 'mother');
  assert.equal(status === 0 || /child|guardian|监护/.test(err), true, err);
});

suite.check('C6: after all that the log verifies', async () => {
  const { status, out, err } = await run('audit', 'verify', '--data', service.data, '--json');
  assert.equal(status, 0, out + err);
});

suite.check('no personal value is in the log of the service', () => {
  assert.deepEqual(faultsInLog(service.log, demo.persons.flatMap(secretsOf)), []);
});

try {
  await suite.run(option);
} finally {
  await service.stop();
}

/** The redirect a decision leads to. */
async function approve(person, request, ...words) {
  const { redirect } = await done('approve', person, ...words, request.url.href);
  return new URL(redirect);
}

/** A wallet command that must succeed; what it printed. */
async function done(command, person, ...words) {
  const { status, out, err } = await wallet(command, person, ...words);
  assert.equal(status, 0, `wallet ${command} ${person} ${words.join(' ')}: exit ${status}\n${err}${out}`);
  return JSON.parse(out);
}

function wallet(command, person, ...words) {
  // `rights` names what is wanted before the options.
  const [first, ...rest] = words;
  const verb = command === 'rights' ? [command, first, '--person', person, ...rest] : [command, '--person', person, ...words];
  return run('wallet', ...verb, '--data', service.data, '--json');
}

function run(...words) {
  return new Promise((resolve) => {
    execFile(BINARY, words, { timeout: 60_000, env: { ...process.env, LANG: 'en_US.UTF-8' } }, (error, out, err) => {
      resolve({ status: error ? (error.code ?? 1) : 0, out, err });
    });
  });
}
