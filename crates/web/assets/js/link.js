// The four digits both devices show when one is added: they depend on the new device's key, so that a service that
// exchanged it would be seen.

import { utf8 } from './encoding.js';
import { digestOf } from './statement.js';

/** The thumbprint of a key (RFC 7638). */
export const thumbprintOf = ({ crv, kty, x, y }) => digestOf(JSON.stringify({ crv, kty, x, y }));

/** The digits of a key. */
export const checkDigits = async (key) => checkDigitsOf(await thumbprintOf(key));

/** The first four bytes of SHA-256 over a thumbprint, as a number, its last four digits. */
export async function checkDigitsOf(thumbprint) {
  const digest = await crypto.subtle.digest('SHA-256', utf8(thumbprint));
  return String(new DataView(digest).getUint32(0) % 10_000).padStart(4, '0');
}
