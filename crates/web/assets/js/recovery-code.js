// The recovery code: 16 random bytes, written as 26 letters and digits in groups of four.
// The service keeps a digest of its proof and the history key sealed under it; it never sees the code.

import { aesKey } from './box.js';
import { concat, fromBase32, toBase32, utf8 } from './encoding.js';

const NO_NONCE = new Uint8Array(12);
const LENGTH = 16;

/** A new code, as bytes. */
export const newCode = () => crypto.getRandomValues(new Uint8Array(LENGTH));

/** As it is shown. */
export const written = (code) => toBase32(code).match(/.{1,4}/g).join('-');

/** From what was typed; undefined when it is no code. */
export function typed(text) {
  const bytes = fromBase32(text);
  return bytes?.length === LENGTH ? bytes : undefined;
}

/** What shows the service that one knows the code. */
export async function proofOf(code) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concat(utf8('wangzheng-recovery-proof'), code)));
}

/** The history scalar under the code. The key is used for this one text only, so the nonce may be fixed. */
export async function wrap(code, scalar) {
  const key = await aesKey(code, utf8('wangzheng-recovery-1'), ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt(parameters(), key, scalar));
}

/** The history scalar again. Throws when the code is another one. */
export async function unwrap(code, wrapped) {
  const key = await aesKey(code, utf8('wangzheng-recovery-1'), ['decrypt']);
  return new Uint8Array(await crypto.subtle.decrypt(parameters(), key, wrapped));
}

const parameters = () => ({ name: 'AES-GCM', iv: NO_NONCE, additionalData: utf8('history-key') });
