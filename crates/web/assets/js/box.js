// A message only one key can open (crypto::sealed_box, version 1):
// 1 ‖ ephemeral point (65) ‖ AES-256-GCM under HKDF-SHA256(ECDH x, no salt, "wangzheng-box-1" ‖ ephemeral ‖ recipient).

import { concat, fromBase64Url, toBase64Url, utf8 } from './encoding.js';

const ECDH = { name: 'ECDH', namedCurve: 'P-256' };
const NO_NONCE = new Uint8Array(12);
const VERSION = 1;
const POINT = 65;
// PKCS #8 of a P-256 key without its public part (RFC 5958, RFC 5915), before the 32 bytes of the scalar.
const PKCS8 = Uint8Array.of(
  0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
  0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
);

/** A new key pair for agreement. */
export const newKeyPair = (extractable) => crypto.subtle.generateKey(ECDH, extractable, ['deriveBits']);

/** The 65 bytes of a public key. */
export const publicBytes = async (key) => new Uint8Array(await crypto.subtle.exportKey('raw', key));

/** The JWK of 65 bytes of a public key, with its public members only. */
export function publicJwk(bytes) {
  return { kty: 'EC', crv: 'P-256', x: toBase64Url(bytes.slice(1, 33)), y: toBase64Url(bytes.slice(33)) };
}

/** The 65 bytes of a public JWK. */
export const jwkBytes = (jwk) => concat(Uint8Array.of(4), fromBase64Url(jwk.x), fromBase64Url(jwk.y));

/** The 32 bytes of an extractable private key. */
export async function scalarOf(privateKey) {
  const { d } = await crypto.subtle.exportKey('jwk', privateKey);
  return fromBase64Url(d);
}

/**
 * The key of a scalar, not extractable, and its public bytes. Knowing the public bytes, every browser takes it as a JWK;
 * without them the browser has to compute them from PKCS #8, which not every one does.
 */
export async function keyOfScalar(scalar, known) {
  const bytes = known ?? (await publicOfScalar(scalar));
  const jwk = { ...publicJwk(bytes), d: toBase64Url(scalar) };
  const privateKey = await crypto.subtle.importKey('jwk', jwk, ECDH, false, ['deriveBits']);
  return { privateKey, publicBytes: bytes };
}

async function publicOfScalar(scalar) {
  const key = await crypto.subtle.importKey('pkcs8', concat(PKCS8, scalar), ECDH, true, ['deriveBits']);
  return jwkBytes(await crypto.subtle.exportKey('jwk', key));
}

/** Seals to the 65 bytes of a public key. */
export async function seal(recipient, aad, plaintext) {
  const ephemeral = await newKeyPair(false);
  const point = await publicBytes(ephemeral.publicKey);
  const publicKey = await crypto.subtle.importKey('raw', recipient, ECDH, false, []);
  const key = await boxKey(ephemeral.privateKey, publicKey, point, recipient, ['encrypt']);
  const parameters = { name: 'AES-GCM', iv: NO_NONCE, additionalData: utf8(aad) };
  const text = new Uint8Array(await crypto.subtle.encrypt(parameters, key, plaintext));
  return concat(Uint8Array.of(VERSION), point, text);
}

/** Opens what was sealed to a private key, whose 65 public bytes are given. Throws when it does not open. */
export async function open(privateKey, recipient, aad, sealed) {
  if (sealed[0] !== VERSION || sealed.length < 1 + POINT + 16) throw new TypeError('not a sealed box');
  const point = sealed.slice(1, 1 + POINT);
  const publicKey = await crypto.subtle.importKey('raw', point, ECDH, false, []);
  const key = await boxKey(privateKey, publicKey, point, recipient, ['decrypt']);
  const parameters = { name: 'AES-GCM', iv: NO_NONCE, additionalData: utf8(aad) };
  return new Uint8Array(await crypto.subtle.decrypt(parameters, key, sealed.slice(1 + POINT)));
}

async function boxKey(privateKey, publicKey, point, recipient, usages) {
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256);
  return aesKey(new Uint8Array(shared), concat(utf8('wangzheng-box-1'), point, recipient), usages);
}

/** AES-256-GCM key by HKDF-SHA256 without salt. */
export async function aesKey(secret, info, usages) {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return crypto.subtle.deriveKey(parameters, material, { name: 'AES-GCM', length: 256 }, false, usages);
}
