// A member of staff's registered key in this browser: chosen once from a file, kept so that it cannot be exported.
// It lies apart from any person's keys.

import { sign } from './statement.js';

const NAME = 'wangzheng-staff';
const STORE = 'key';

function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function run(mode, work) {
  const transaction = (await database()).transaction(STORE, mode);
  return new Promise((resolve, reject) => {
    const asked = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = () => reject(transaction.error);
  });
}

/** The key of a login, or undefined. */
export const keyOf = (login) => run('readonly', (rows) => rows.get(login));

/** Takes the key of a JWK file for a login; its private part stays in the browser and cannot be read again. */
export async function takeKey(login, file) {
  const jwk = JSON.parse(await file.text());
  const plain = { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y, d: jwk.d };
  const key = await crypto.subtle.importKey('jwk', plain, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  await run('readwrite', (rows) => rows.put(key, login));
  return key;
}

/** A statement by the registered key. */
export const signed = (key, login, issuer, typ, fields) => sign({ signing: key, handle: login, issuer }, typ, fields);
