// The SD-JWT on this device (RFC 9901): which values it holds, and the disclosures that reveal some of them.

import { fromBase64Url, fromUtf8 } from './encoding.js';

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

/** The disclosures of these names and no others; undefined when the credential does not hold them all. */
export function disclosuresOf(credential, names) {
  const found = names.map((name) => disclosures(credential).find(({ content }) => content[1] === name));
  return found.every(Boolean) ? found.map(({ encoded }) => encoded) : undefined;
}
