// What the device signs: compact JWS, ES256, made out to one service, fresh, used once (RFC 7515 §3.1).

import { publicJwk } from './box.js';
import { toBase64Url, utf8 } from './encoding.js';

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' };
let ahead = 0;

/** Seconds by which the service's clock is ahead of this device's, learned from its answers. */
export function learnClock(date) {
  const theirs = Date.parse(date ?? '');
  if (Number.isFinite(theirs)) ahead = Math.round((theirs - Date.now()) / 1000);
}

/** A new signing key; its private part cannot be exported. */
export const newSigningKey = () => crypto.subtle.generateKey(ECDSA, false, ['sign', 'verify']);

/** A statement of a known device. */
export const sign = (device, typ, fields) =>
  compact(device.signing, { alg: 'ES256', typ, kid: device.handle }, device.issuer, fields);

/** The first statement of a new key: the key itself stands in the header. */
export async function signNew(keyPair, issuer) {
  const bytes = new Uint8Array(await crypto.subtle.exportKey('raw', keyPair.publicKey));
  return compact(keyPair.privateKey, { alg: 'ES256', typ: 'wz-apply+jwt', jwk: publicJwk(bytes) }, issuer, {});
}

/** The key binding of what this device shows (RFC 9901 §4.3): to the service, for one request, over this very text. */
export async function bind(device, shown, nonce) {
  const payload = { iat: Math.floor(Date.now() / 1000) + ahead, aud: device.issuer, nonce, sd_hash: await digestOf(shown) };
  return seal(device.signing, { alg: 'ES256', typ: 'kb+jwt' }, payload);
}

/** base64url of the SHA-256 of a text: what an approval names of its request. */
export async function digestOf(text) {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))));
}

async function compact(key, header, issuer, fields) {
  const payload = {
    ...fields,
    aud: issuer,
    iat: Math.floor(Date.now() / 1000) + ahead,
    jti: toBase64Url(crypto.getRandomValues(new Uint8Array(16))),
  };
  return seal(key, header, payload);
}

async function seal(key, header, payload) {
  const signed = `${part(header)}.${part(payload)}`;
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, utf8(signed));
  return `${signed}.${toBase64Url(new Uint8Array(signature))}`;
}

const part = (value) => toBase64Url(utf8(JSON.stringify(value)));
