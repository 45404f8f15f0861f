// Our SM algorithms (crates/crypto/examples/sm_agreement.rs) against npm sm-crypto, in both directions.
// Usage: node agree.mjs PATH-OF-OUR-BINARY. Exits 1 if any answer differs.

import smCrypto from 'sm-crypto'
import { ask, bytes, conclude, hex, random, same } from './ours.mjs'

const { sm2, sm3, sm4 } = smCrypto
const SIZES = [1, 15, 16, 31, 32, 33, 55, 56, 63, 64, 65, 127, 128, 500]

async function hashes() {
  for (const size of [0, ...SIZES]) {
    const message = random(size)
    same(`sm3 of ${size}`, (await ask('sm3', { message })).ok, sm3(bytes(message)))
    if (size === 0) continue
    const key = random(size)
    same(`hmac of ${size}`, (await ask('hmac_sm3', { key, message })).ok, sm3(bytes(message), { key }))
  }
}

async function blocks() {
  for (let i = 0; i < 20; i += 1) {
    const [key, block] = [random(16), random(16)]
    const theirs = sm4.encrypt(bytes(block), key, { padding: 'none', output: 'array' })
    same('sm4 encrypts', (await ask('sm4_encrypt', { key, block })).ok, hex(theirs))
    const back = sm4.decrypt(bytes(block), key, { padding: 'none', output: 'array' })
    same('sm4 decrypts', (await ask('sm4_decrypt', { key, block })).ok, hex(back))
  }
}

async function signatures(key) {
  const options = { hash: true, der: false, userId: '1234567812345678' }
  for (const size of SIZES) {
    const message = random(size)
    const mine = (await ask('sm2_sign', { private: key.private, message })).ok
    same(`they verify ours, ${size}`, sm2.doVerifySignature(bytes(message), mine, key.public, options), true)
    const theirs = sm2.doSignature(bytes(message), key.private, options)
    same(`we verify theirs, ${size}`, (await ask('sm2_verify', { public: key.public, message, signature: theirs })).ok, true)

    // Both refuse what was changed: another message, a changed signature, another user id.
    const other = message + '00'
    same('they refuse', sm2.doVerifySignature(bytes(other), mine, key.public, options), false)
    same('we refuse', (await ask('sm2_verify', { public: key.public, message: other, signature: theirs })).ok, false)
    const flipped = (theirs[0] === '0' ? '1' : '0') + theirs.slice(1)
    same('we refuse a change', (await ask('sm2_verify', { public: key.public, message, signature: flipped })).ok, false)
    const named = sm2.doSignature(bytes(message), key.private, { ...options, userId: 'someone else' })
    same('we refuse an id', (await ask('sm2_verify', { public: key.public, message, signature: named })).ok, false)
  }
}

async function encryption(key) {
  const C1C3C2 = 1
  for (const size of SIZES) {
    const message = random(size)
    // Their text leaves out the 04 of the point.
    const mine = (await ask('sm2_encrypt', { public: key.public, message })).ok
    same('ours begins with a point', mine.slice(0, 2), '04')
    same(`they read ours, ${size}`, hex(sm2.doDecrypt(mine.slice(2), key.private, C1C3C2, { output: 'array' })), message)
    const theirs = '04' + sm2.doEncrypt(bytes(message), key.public, C1C3C2)
    same(`we read theirs, ${size}`, (await ask('sm2_decrypt', { private: key.private, ciphertext: theirs })).ok, message)
    const changed = theirs.slice(0, -1) + (theirs.endsWith('0') ? '1' : '0')
    same('we refuse a change', 'error' in (await ask('sm2_decrypt', { private: key.private, ciphertext: changed })), true)
  }
}

async function keys() {
  for (let i = 0; i < 3; i += 1) {
    const pair = sm2.generateKeyPairHex()
    const theirs = pair.privateKey.padStart(64, '0')
    const mine = (await ask('sm2_generate', {})).ok
    for (const key of [theirs, mine]) {
      const point = (await ask('sm2_public', { private: key })).ok
      same('public key', point, sm2.getPublicKeyFromPrivateKey(key))
      await signatures({ private: key, public: point })
      await encryption({ private: key, public: point })
    }
  }
}

await hashes()
await blocks()
await keys()
conclude('sm-crypto 0.5.8', 900)
