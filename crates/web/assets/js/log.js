// Checks a receipt against the public log, all on this device (C1, C6).

import { fromBase64, fromBase64Url, fromUtf8, toHex, utf8 } from './encoding.js';
import { Problem, get, issuer } from './service.js';
import { sm3 } from './sm3.js';

/**
 * Checks an entry: signature of the receipt, leaf, path, root, signed head. `{ state, facts }` with state `good`,
 * `pending` (not in the log yet) or `bad`.
 */
export async function check({ text, commitment, claims }) {
  const { keys } = await get('/.well-known/wangzheng-keys');
  const signed = text.startsWith('{') || (await receiptSigned(text, claims, commitment, keys));
  let proof;
  try {
    proof = await get(`/log/proof?commitment=${encodeURIComponent(commitment)}`);
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 404) return { state: signed ? 'pending' : 'bad', facts: [] };
    throw problem;
  }
  const leaf = sm3(utf8('wangzheng-leaf'), fromBase64Url(commitment), fromBase64Url(proof.blinded));
  const head = headOf(proof.checkpoint);
  const root = rootOf(leaf, proof.leaf_index, proof.tree_size, proof.path.map(fromBase64Url));
  const good =
    signed &&
    head.size === proof.tree_size &&
    root !== undefined &&
    toHex(root) === toHex(head.root) &&
    (await headSigned(head, keys));
  const facts = [['leaf', proof.leaf_index], ['tree_size', head.size], ['root', toHex(head.root)], ['commitment', commitment]];
  return { state: good ? 'good' : 'bad', facts };
}

/** The root that follows from a leaf and its path (RFC 9162 §2.1.3.2, with SM3); undefined when they do not fit. */
export function rootOf(leaf, index, size, path) {
  if (!(index >= 0 && index < size)) return undefined;
  let [node, last] = [index, size - 1];
  let hash = sm3(Uint8Array.of(0), leaf);
  const half = (number) => Math.floor(number / 2);
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      hash = sm3(Uint8Array.of(1), sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = sm3(Uint8Array.of(1), hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? hash : undefined;
}

/** A C2SP checkpoint in a signed note: origin, size, root; an empty line; signatures. */
function headOf(note) {
  const end = note.indexOf('\n\n') + 1;
  const signedText = note.slice(0, end);
  const [, size, root] = signedText.split('\n');
  const signatures = note
    .slice(end)
    .split('\n')
    .filter((line) => line.startsWith('— '))
    // Four bytes name the key; every published key is tried instead.
    .map((line) => fromBase64(line.split(' ').at(-1)).slice(4));
  return { signedText, size: Number(size), root: fromBase64(root), signatures };
}

async function headSigned({ signedText, signatures }, keys) {
  for (const { jwk } of keys.filter((key) => key.purpose === 'checkpoint' && key.jwk.crv === 'P-256')) {
    for (const signature of signatures) {
      const fixed = ofDer(signature);
      if (fixed && (await verified(jwk, fixed, utf8(signedText)))) return true;
    }
  }
  return false;
}

/** A receipt is the service's, made out to this issuer, and about this very entry. */
async function receiptSigned(text, claims, commitment, keys) {
  const [header, payload, signature] = text.split('.');
  const { alg, kid } = JSON.parse(fromUtf8(fromBase64Url(header)));
  if (claims.iss !== issuer || claims.commitment !== commitment) return false;
  // No browser checks SM2; the command-line wallet does. The log proof below still binds the receipt.
  if (alg !== 'ES256') return alg === 'SGD_SM3_SM2';
  const fitting = keys.filter((key) => key.purpose === 'receipt' && key.jwk.crv === 'P-256' && (!kid || key.jwk.kid === kid));
  for (const { jwk } of fitting) {
    if (await verified(jwk, fromBase64Url(signature), utf8(`${header}.${payload}`))) return true;
  }
  return false;
}

/** `r ‖ s` of a DER signature (RFC 3279 §2.2.3), as a signed note has it; undefined for anything else. */
function ofDer(der) {
  const fixed = new Uint8Array(64);
  let at = 2;
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  for (const end of [32, 64]) {
    const length = der[at + 1];
    if (der[at] !== 0x02) return undefined;
    const integer = der.slice(at + 2, at + 2 + length);
    const digits = integer[0] === 0 ? integer.slice(1) : integer;
    if (digits.length > 32) return undefined;
    fixed.set(digits, end - digits.length);
    at += 2 + length;
  }
  return at === der.length ? fixed : undefined;
}

async function verified({ kty, crv, x, y }, signature, message) {
  const key = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, message);
}
