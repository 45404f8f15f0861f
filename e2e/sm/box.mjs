// Sealed boxes to a P-256 key against WebCrypto, as a browser computes them, in both directions.
// Usage: node box.mjs PATH-OF-OUR-BINARY. Exits 1 if any answer differs.

import { webcrypto } from 'node:crypto'
import { ask, bytes, conclude, hex, random, same } from './ours.mjs'

const { subtle } = webcrypto
const CURVE = { name: 'ECDH', namedCurve: 'P-256' }
const NONCE = new Uint8Array(12)

// HKDF-SHA256(x of the ECDH, no salt, "wangzheng-box-1" ‖ ephemeral ‖ recipient): crates/crypto/src/sealed_box.rs.
async function boxKey(privateKey, publicKey, ephemeral, recipient) {
  const secret = await subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256)
  const material = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const info = Buffer.concat([Buffer.from('wangzheng-box-1'), ephemeral, recipient])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
  return subtle.deriveKey(hkdf, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

const raw = async (key) => Buffer.from(await subtle.exportKey('raw', key))

async function seal(recipient, aad, message) {
  const ephemeral = await subtle.generateKey(CURVE, false, ['deriveBits'])
  const point = await raw(ephemeral.publicKey)
  const key = await boxKey(ephemeral.privateKey, recipient, point, await raw(recipient))
  const text = await subtle.encrypt({ name: 'AES-GCM', iv: NONCE, additionalData: aad }, key, message)
  return Buffer.concat([Buffer.from([1]), point, Buffer.from(text)])
}

async function open(pair, aad, sealed) {
  const point = sealed.subarray(1, 66)
  const ephemeral = await subtle.importKey('raw', point, CURVE, true, [])
  const key = await boxKey(pair.privateKey, ephemeral, point, await raw(pair.publicKey))
  return Buffer.from(await subtle.decrypt({ name: 'AES-GCM', iv: NONCE, additionalData: aad }, key, sealed.subarray(66)))
}

for (let i = 0; i < 3; i += 1) {
  const pair = await subtle.generateKey(CURVE, true, ['deriveBits'])
  const secret = Buffer.from((await subtle.exportKey('jwk', pair.privateKey)).d, 'base64url').toString('hex')
  for (const size of [0, 1, 16, 100, 2048]) {
    const [aad, message] = [random(20), random(size)]
    const mine = (await ask('box_seal', { public: hex(await raw(pair.publicKey)), aad, message })).ok
    same(`WebCrypto opens ours, ${size}`, hex(await open(pair, Buffer.from(bytes(aad)), Buffer.from(bytes(mine)))), message)
    const theirs = hex(await seal(pair.publicKey, Buffer.from(bytes(aad)), Buffer.from(bytes(message))))
    same(`we open WebCrypto's, ${size}`, (await ask('box_open', { private: secret, aad, sealed: theirs })).ok, message)
    same('we refuse other data', 'error' in (await ask('box_open', { private: secret, aad: aad + '00', sealed: theirs })), true)
  }
}
conclude('WebCrypto', 45)
