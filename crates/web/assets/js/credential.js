// The SD-JWT on this device (RFC 9901): which values it holds, and the disclosures that reveal some of them.

import { fromBase64Url, fromUtf8 } from './encoding.js';
import { bind } from './statement.js';

/** The public key a credential is bound to: the one of this device (RFC 7800). */
export const boundKey = (credential) => JSON.parse(fromUtf8(fromBase64Url(credential.split('.')[1]))).cnf.jwk;

function disclosures(credential) {
  return credential
    .split('~')
    .slice(1)
    .filter(Boolean)
    .map((encoded) => ({ encoded, content: JSON.parse(fromUtf8(fromBase64Url(encoded))) }))
    .filter(({ content }) => content.length === 3);
}

/** Names and values of what the credential can reveal. */
export const valuesOf = (credential) => disclosures(credential).map(({ content }) => [content[1], content[2]]);

/**
 * The credential with the disclosures of these names and no others, bound by the device key to one request (RFC 9901);
 * undefined when the credential does not hold them all.
 */
export async function present(device, names, nonce) {
  const held = disclosures(device.credential);
  const found = names.map((name) => held.find(({ content }) => content[1] === name));
  if (!found.every(Boolean)) return undefined;
  const shown = [device.credential.split('~')[0], ...found.map(({ encoded }) => encoded), ''].join('~');
  return shown + (await bind(device, shown, nonce));
}
