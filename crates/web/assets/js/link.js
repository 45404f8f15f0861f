// The four digits both devices show when one is added: they depend on the new device's keys, so that a service that
// exchanged them would be seen.

import { utf8 } from './encoding.js';
import { digestOf } from './statement.js';

/** SHA-256("wangzheng-link" ‖ thumbprint of the device key ‖ thumbprint of the agreement key): 32 bits, modulo 10⁴. */
export async function checkDigits(deviceKey, agreementKey) {
  const text = `wangzheng-link${await thumbprint(deviceKey)}${await thumbprint(agreementKey)}`;
  const digest = await crypto.subtle.digest('SHA-256', utf8(text));
  return String(new DataView(digest).getUint32(0) % 10_000).padStart(4, '0');
}

/** RFC 7638. */
const thumbprint = ({ crv, kty, x, y }) => digestOf(JSON.stringify({ crv, kty, x, y }));
