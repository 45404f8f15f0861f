#!/usr/bin/env node
// npm `openid-client` 6, unmodified: discovery, PAR, PKCE, private_key_jwt (ES256), RFC 9207, RFC 9396.
//
//   node clients/openid_client.mjs --data DIR --wallet 'wangzheng wallet'
//
// The same file runs against wangzheng and against the control (control/provider.mjs). Serves B1, R2.3, R7.2, R8.1.
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';

import { decodeProtectedHeader, importJWK } from 'jose';
import * as client from 'openid-client';

import { Demo, secretsOf } from '../harness/demo.mjs';
import { Suite } from '../harness/suite.mjs';

const { values: option } = parseArgs({
  options: {
    data: { type: 'string' },
    wallet: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
const demo = new Demo(option);
const suite = new Suite(`openid-client → ${demo.issuer}`);
const received = [];
const subjects = {};

suite.check('discovery names what the client needs', async () => {
  const metadata = (await connect('forum')).config.serverMetadata();
  assert.equal(metadata.issuer, demo.issuer);
  assert.deepEqual(metadata.response_types_supported, ['code']);
  assert.deepEqual(metadata.code_challenge_methods_supported, ['S256']);
  assert.deepEqual(metadata.subject_types_supported, ['pairwise']);
  assert.equal(metadata.authorization_response_iss_parameter_supported, true);
  assert.ok(!metadata.require_pushed_authorization_requests);
  assert.ok(metadata.token_endpoint_auth_methods_supported.includes('private_key_jwt'));
  assert.ok(metadata.token_endpoint_auth_signing_alg_values_supported.includes('ES256'));
  assert.ok(metadata.id_token_signing_alg_values_supported.includes('ES256'));
  assert.ok(metadata.authorization_details_types_supported.includes('identity_verification'));
});

suite.check('the whole key set loads, and holds public keys only', async () => {
  const { keys } = await keySet();
  assert.ok(keys.length > 0);
  for (const key of keys) {
    assert.ok(key.kid && key.alg, 'each key names its kid and alg');
    assert.equal(key.d ?? key.p ?? key.k, undefined, 'no private part');
    await importJWK(key, key.alg);
  }
  assert.equal(new Set(keys.map(({ kid }) => kid)).size, keys.length, 'kids are distinct');
});

suite.check('PAR, approval, code: the platform learns the result and nothing else', async () => {
  const { tokens, claims, platform } = await verify('forum');
  subjects.forum = claims.sub;
  const { scope: _granted, ...members } = tokens;
  assert.deepEqual(Object.keys(members).sort(), ['access_token', 'authorization_details', 'expires_in', 'id_token', 'token_type']);
  const { auth_time: _optional, ...rest } = claims;
  assert.deepEqual(Object.keys(rest).sort(), ['acr', 'amr', 'aud', 'exp', 'iat', 'iss', 'nonce', 'sub']);
  assert.equal(claims.iss, demo.issuer);
  assert.equal(claims.aud, platform.client_id);
  assert.equal(claims.acr, scenario(platform).mode);
  assert.ok(Array.isArray(claims.amr));
  assert.equal(decodeProtectedHeader(tokens.id_token).alg, 'ES256');
});

suite.check('authorization_details echoes the scenario with result, receipt and further_plaintext', async () => {
  const { tokens, platform } = await verify('forum');
  const [detail, ...more] = tokens.authorization_details;
  assert.deepEqual(more, []);
  const { receipt, attributes = [], ...rest } = detail;
  assert.deepEqual(attributes, []);
  assert.deepEqual(rest, {
    type: 'identity_verification',
    scenario: scenario(platform).id,
    result: 'pass',
    further_plaintext: 'prohibited',
  });
  assert.equal(receipt.split('.').length, 3, 'the receipt is a compact JWS');
  assert.ok(decodeProtectedHeader(receipt).alg);
});

suite.check('the same person is the same at one platform', async () => {
  assert.equal((await verify('forum')).claims.sub, subjects.forum);
});

suite.check('the same person is another at another platform', async () => {
  const { claims } = await verify('game');
  assert.notEqual(claims.sub, subjects.forum);
});

suite.check('another person is another at the same platform', async () => {
  const { claims } = await verify('forum', { person: 'resident2' });
  assert.notEqual(claims.sub, subjects.forum);
});

suite.check('without authorization_details the default scenario applies', async () => {
  const { claims, platform } = await verify('forum', { details: false });
  assert.equal(claims.sub, subjects.forum);
  assert.equal(claims.acr, scenario(platform).mode);
});

suite.check('userinfo says sub and nothing else', async () => {
  const { config, tokens, claims } = await verify('forum');
  assert.deepEqual(await client.fetchUserInfo(config, tokens.access_token, claims.sub), { sub: claims.sub });
});

suite.check('refusal is access_denied, without description, with iss and state', async () => {
  const request = await ask('forum');
  const redirect = await demo.refuse(request.url);
  assert.deepEqual(
    Object.fromEntries(redirect.searchParams),
    { error: 'access_denied', state: request.state, iss: demo.issuer },
  );
  const error = await fails(() => exchange(request, redirect));
  assert.equal(error.error, 'access_denied');
});

suite.check('a code is taken once, and a replay revokes what it gave', async () => {
  const request = await ask('forum');
  const redirect = await demo.approve(request.url);
  const first = await exchange(request, redirect);
  await client.fetchUserInfo(request.config, first.access_token, first.claims().sub);
  assert.equal((await fails(() => exchange(request, redirect))).error, 'invalid_grant');
  const error = await fails(() => client.fetchUserInfo(request.config, first.access_token, first.claims().sub));
  assert.equal(error.status ?? error.response?.status ?? error.cause?.status, 401);
});

suite.check('another verifier than the one promised is invalid_grant', async () => {
  const request = await ask('forum');
  const redirect = await demo.approve(request.url);
  const error = await fails(() => exchange({ ...request, verifier: client.randomPKCECodeVerifier() }, redirect));
  assert.equal(error.error, 'invalid_grant');
});

suite.check("another platform's code is invalid_grant", async () => {
  const request = await ask('forum');
  const redirect = await demo.approve(request.url);
  const { config } = await connect('game');
  assert.equal((await fails(() => exchange({ ...request, config }, redirect))).error, 'invalid_grant');
});

suite.check('a request without PKCE is refused when pushed', async () => {
  const error = await fails(() => ask('forum', { code_challenge: undefined, code_challenge_method: undefined }));
  assert.equal(error.error, 'invalid_request');
});

suite.check('PKCE plain is refused when pushed', async () => {
  const error = await fails(() => ask('forum', { code_challenge_method: 'plain' }));
  assert.equal(error.error, 'invalid_request');
});

suite.check('a redirect URI that is not registered is refused when pushed', async () => {
  const error = await fails(() => ask('forum', { redirect_uri: 'http://127.0.0.1:9999/cb/' }));
  assert.match(error.error, /^invalid_(request|redirect_uri)$/);
});

suite.check('a scenario that was not approved is invalid_authorization_details', async () => {
  const details = JSON.stringify([{ type: 'identity_verification', scenario: 'no-such-scenario' }]);
  assert.equal((await fails(() => ask('forum', { authorization_details: details }))).error, 'invalid_authorization_details');
});

suite.check("an assertion by a key that is not the platform's is invalid_client", async () => {
  const { platform } = await connect('forum');
  const stranger = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const config = await discover(platform, { key: stranger.privateKey, kid: platform.jwks.keys[0].kid });
  const error = await fails(() => ask('forum', {}, config));
  assert.equal(error.status, 401);
  assert.equal(JSON.parse(received.at(-1)).error, 'invalid_client'); // the client hides the body behind WWW-Authenticate
});

suite.check('a platform that must push cannot ask in the open', async () => {
  const { config, platform } = await connect('forum');
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: platform.redirect_uri,
    scope: 'openid',
    state: client.randomState(),
    code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  });
  const response = await fetch(url, { redirect: 'manual', headers: { accept: 'application/json' } });
  const location = response.headers.get('location');
  if (location) assert.equal(new URL(location).searchParams.get('error'), 'invalid_request');
  else assert.equal(response.status, 400);
});

suite.check('nothing personal was in anything the platform received', () => {
  const everything = received.join('\n');
  assert.ok(received.length > 20, 'the client did receive something');
  for (const name of ['resident', 'resident2']) {
    for (const secret of secretsOf(demo.person(name))) {
      assert.ok(!everything.includes(secret), `a value of ${name} reached the platform`);
    }
  }
});

await demo.applies('resident', 'resident2');
await suite.run(option);

/** One verification from request to tokens. */
async function verify(name, { person, details = true } = {}) {
  const request = await ask(name, details ? {} : { authorization_details: undefined });
  const tokens = await exchange(request, await demo.approve(request.url, person));
  return { ...request, tokens, claims: tokens.claims() };
}

/** Pushes a request; `change` overrides parameters, `undefined` removes one. */
async function ask(name, change = {}, otherConfig = undefined) {
  const { config, platform } = await connect(name);
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const parameters = {
    redirect_uri: platform.redirect_uri,
    scope: 'openid',
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    authorization_details: JSON.stringify([{ type: 'identity_verification', scenario: scenario(platform).id }]),
    ...change,
  };
  const present = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const url = await client.buildAuthorizationUrlWithPAR(otherConfig ?? config, present);
  assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri']);
  return { config, platform, url, verifier, state, nonce };
}

async function exchange({ config, verifier, state, nonce }, redirect) {
  const tokens = await client.authorizationCodeGrant(config, redirect, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const { id_token: idToken } = tokens;
  received.push(...[idToken, ...(tokens.authorization_details ?? []).map(({ receipt }) => receipt)].map(opened));
  return tokens;
}

async function connect(name) {
  const platform = demo.platform(name);
  const [jwk] = platform.jwks.keys;
  const { key_ops: _operations, use: _use, ...material } = jwk;
  const key = await crypto.subtle.importKey('jwk', material, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  return { platform, config: await discover(platform, { key, kid: jwk.kid }) };
}

function discover(platform, key) {
  return client.discovery(
    new URL(demo.issuer),
    platform.client_id,
    { id_token_signed_response_alg: 'ES256' },
    client.PrivateKeyJwt(key),
    { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks], [client.customFetch]: recorded },
  );
}

/** `fetch`, remembering all that came back. */
async function recorded(url, options) {
  const response = await fetch(url, options);
  received.push(JSON.stringify([...response.headers]), await response.clone().text());
  return response;
}

async function keySet() {
  const { config } = await connect('forum');
  return (await fetch(config.serverMetadata().jwks_uri)).json();
}

function scenario(platform) {
  return platform.scenarios.find((each) => each.default) ?? platform.scenarios[0];
}

/** Header and payload of a compact JWS as text. */
function opened(jws) {
  return jws.split('.').slice(0, 2).map((part) => Buffer.from(part, 'base64url').toString()).join('\n');
}

async function fails(step) {
  try {
    await step();
  } catch (error) {
    return error;
  }
  assert.fail('it went through');
}
