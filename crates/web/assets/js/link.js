// The four digits both devices show when one is added: they depend on the new device's key, so that a service that
// exchanged it would be seen.

import { utf8 } from './encoding.js';
import { digestOf } from './statement.js';

/** The first four bytes of SHA-256 over the thumbprint of a key (RFC 7638), as a number, its last four digits. */
export async function checkDigits({ crv, kty, x, y }) {
  const thumbprint = await digestOf(JSON.stringify({ crv, kty, x, y }));
  const digest = await crypto.subtle.digest('SHA-256', utf8(thumbprint));
  return String(new DataView(digest).getUint32(0) % 10_000).padStart(4, '0');
}
