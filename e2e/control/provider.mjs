#!/usr/bin/env node
// The control: npm `oidc-provider`, unmodified, configured with the client metadata of the demo, so that a client
// test that is red against wangzheng and green here is wangzheng's fault and not the test's.
//
//   node control/provider.mjs --port 8090 --data DIR
//
// Writes DIR/demo.json in the shape of `wangzheng demo` (design §5) and serves until it is told to stop. A person is
// asked at /interaction/{uid}: GET says what is asked, POST {"person", "decision"} decides (see control/wallet.mjs).
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { CompactSign, exportJWK, generateKeyPair, importJWK } from 'jose';
import { Provider, errors } from 'oidc-provider';

const { values: option } = parseArgs({
  options: { port: { type: 'string', default: '8090' }, data: { type: 'string', default: 'data' } },
});
const port = Number(option.port);
const issuer = `http://localhost:${port}`;
const mode = 'urn:wangzheng:mode:wz';

const platforms = [
  await platform('forum', ['account-registration', 'sign-in']),
  await platform('game', ['account-registration']),
  await platform('lab', ['account-registration'], randomBytes(24).toString('base64url')),
];
const persons = [
  person('resident', '000000199001310013', '试验甲', '1990-01-31'),
  person('resident2', '000000199102030021', '试验乙', '1991-02-03'),
];
const signingKey = await privateKey('control-1');
const sectorSecret = randomBytes(32);

const provider = new Provider(issuer, {
  clients: platforms.map(clientMetadata),
  jwks: { keys: [signingKey] },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  acrValues: [mode],
  claims: { openid: ['sub', 'acr', 'amr'] },
  scopes: ['openid'],
  subjectTypes: ['pairwise'],
  pairwiseIdentifier: (_context, account, client) =>
    createHmac('sha256', sectorSecret).update(`${client.clientId}\n${account}`).digest('base64url'),
  clientAuthMethods: ['private_key_jwt', 'client_secret_basic'],
  responseTypes: ['code'],
  pkce: { required: () => true },
  ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 300, Session: 300, Grant: 300 },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: true },
    resourceIndicators: {
      enabled: true, // the provider takes authorization_details only together with a resource
      defaultResource: () => `${issuer}/verification`,
      getResourceServerInfo: () => ({ scope: 'verification', accessTokenFormat: 'opaque' }),
    },
    richAuthorizationRequests: {
      enabled: true,
      types: { identity_verification: { validate: validateDetail } },
      authorizationDetailsForGrantSource: (context) => withResult(JSON.parse(context.oidc.params.authorization_details)),
      authorizationDetailsForAccessToken: (_context, _token, source) => source.rar,
      authorizationDetailsForIntrospection: () => undefined,
    },
  },
});
const answer = provider.callback();

mkdirSync(option.data, { recursive: true });
writeFileSync(join(option.data, 'demo.json'), JSON.stringify({ issuer, platforms, persons, staff: [] }, null, 2), { mode: 0o600 });

createServer((request, response) => {
  const { pathname } = new URL(request.url, issuer);
  if (pathname.startsWith('/interaction/')) return interaction(request, response).catch((error) => {
    response.statusCode = 400;
    response.end(String(error));
  });
  return answer(request, response);
}).listen(port, () => console.log(`control provider at ${issuer}`));
process.on('SIGTERM', () => process.exit(0));
process.on('SIGINT', () => process.exit(0));

/** What a person sees, and the decision a person takes. */
async function interaction(request, response) {
  const asked = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify({ prompt: asked.prompt, client_id: asked.params.client_id }));
  }
  const { person: account, decision } = JSON.parse(await body(request));
  if (decision !== 'approve') return provider.interactionFinished(request, response, { error: 'access_denied' });
  const grant = new provider.Grant({ accountId: account, clientId: asked.params.client_id });
  grant.addOIDCScope('openid');
  return provider.interactionFinished(request, response, {
    login: { accountId: account, acr: mode, amr: ['pop', 'user'], remember: false },
    consent: { grantId: await grant.save() },
  });
}

function validateDetail(_context, detail, client) {
  const { scenarios } = platforms.find(({ client_id: id }) => id === client.clientId);
  const foreign = Object.keys(detail).find((member) => !['type', 'scenario', 'attributes'].includes(member));
  if (foreign || !scenarios.some(({ id }) => id === detail.scenario) || detail.attributes?.length) {
    throw new errors.InvalidAuthorizationDetails();
  }
}

async function withResult(details) {
  const key = await importJWK(signingKey, 'ES256');
  return Promise.all(details.map(async (detail) => ({
    ...detail,
    result: 'pass',
    receipt: await new CompactSign(Buffer.from(JSON.stringify({ iss: issuer, result: 'pass' })))
      .setProtectedHeader({ alg: 'ES256', kid: signingKey.kid, typ: 'receipt+jwt' }).sign(key),
    further_plaintext: 'prohibited',
  })));
}

async function platform(name, scenarios, secret) {
  const identity = {
    name,
    client_id: createHash('sha256').update(name).digest('hex').slice(0, 16),
    redirect_uris: ['http://127.0.0.1:9999/cb'], // one host: the provider asks for a sector document otherwise
    scenarios: scenarios.map((id, place) => ({ id, mode, attributes: [], default: place === 0 })),
  };
  return secret
    ? { ...identity, profile: 'simple', client_secret: secret }
    : { ...identity, profile: 'fapi', jwks: { keys: [await privateKey(`${name}-1`)] } };
}

function clientMetadata({ name, client_id, client_secret, jwks, redirect_uris }) {
  return {
    client_id,
    client_name: name,
    redirect_uris,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    subject_type: 'pairwise',
    id_token_signed_response_alg: 'ES256',
    authorization_details_types: ['identity_verification'],
    ...(client_secret
      ? { client_secret, token_endpoint_auth_method: 'client_secret_basic' }
      : {
          token_endpoint_auth_method: 'private_key_jwt',
          token_endpoint_auth_signing_alg: 'ES256',
          require_pushed_authorization_requests: true,
          jwks: { keys: jwks.keys.map(({ d: _private, ...published }) => published) },
        }),
  };
}

async function privateKey(kid) {
  const { privateKey: key } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(key)), kid, alg: 'ES256', use: 'sig' };
}

function person(name, number, holder, birth) {
  const document = { kind: 'resident_identity_card', number, holder, birth_date: birth, valid_until: null };
  return { name, pin: '58203947', document, guardians: [] };
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
