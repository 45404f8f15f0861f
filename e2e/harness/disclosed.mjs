// What a person gave to a platform, opened by npm `jose` and nothing of ours: decrypted with the platform's key, then
// the signature inside checked with the issuer's published keys (R8.2).
import assert from 'node:assert/strict';

import { compactDecrypt, createRemoteJWKSet, importJWK, jwtVerify } from 'jose';

/** The claims inside `verified_claims`; `platform` is one of demo.json, `claims` those of the ID token. */
export async function disclosed(issuer, platform, claims) {
  if (claims.verified_claims === undefined) return {};
  const key = platform.jwks.keys.find(({ use }) => use === 'enc');
  const { plaintext, protectedHeader } = await compactDecrypt(claims.verified_claims, await importJWK(key, key.alg));
  assert.deepEqual([protectedHeader.alg, protectedHeader.enc, protectedHeader.cty], ['ECDH-ES', 'A256GCM', 'JWT']);
  const keys = createRemoteJWKSet(new URL(`${issuer}/oauth/jwks`));
  const { payload } = await jwtVerify(new TextDecoder().decode(plaintext), keys, {
    issuer,
    audience: platform.client_id,
    subject: claims.sub,
    typ: 'wz-verified-claims+jwt',
    algorithms: ['ES256'],
  });
  assert.equal(payload.verified_claims.verification.trust_framework, 'cn_wangzheng');
  assert.equal(payload.further_plaintext, 'prohibited');
  return payload.verified_claims.claims;
}
