// What this browser keeps: the device's keys and credential, requests it has opened, what is shown once.
// Private keys are WebCrypto keys that cannot be exported; nothing here is ever sent as it is.

const NAME = 'wangzheng';
const STORES = ['device', 'pending', 'once', 'request'];
const ONLY = 'only';

let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => STORES.forEach((store) => asked.result.createObjectStore(store));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function run(store, mode, work) {
  const transaction = (await database()).transaction(store, mode);
  return new Promise((resolve, reject) => {
    const asked = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

const read = (store, key) => run(store, 'readonly', (rows) => rows.get(key));
const write = (store, key, value) => run(store, 'readwrite', (rows) => rows.put(value, key));
const remove = (store, key) => run(store, 'readwrite', (rows) => rows.delete(key));

/** Whether keys can be kept at all; private windows and old browsers cannot. */
export async function canKeep() {
  try {
    if (!globalThis.crypto?.subtle) return false;
    await database();
    return true;
  } catch {
    return false;
  }
}

/**
 * The device: `{ issuer, handle, name, signing, agreement, agreementPublic, historyWrap, historyPublic, credential,
 * wanghao, wanghaoMasked, activeFrom }`, or undefined. Keys are CryptoKeys, public keys 65 bytes, the wrap bytes.
 */
export const device = () => read('device', ONLY);
export const keepDevice = (record) => write('device', ONLY, record);
export const forgetDevice = () => remove('device', ONLY);

/** Everything goes: the person left. */
export const forgetEverything = () => Promise.all(STORES.map((store) => run(store, 'readwrite', (rows) => rows.clear())));

/** Changes some members of the device. */
export async function changeDevice(members) {
  const record = { ...(await device()), ...members };
  await keepDevice(record);
  return record;
}

/** Keys and recovery code of an application whose answer has not come; kept so that a retry loses nothing. */
export const pending = () => read('pending', ONLY);
export const keepPending = (record) => write('pending', ONLY, record);
export const forgetPending = () => remove('pending', ONLY);

/** What is shown once after an application: recovery code, 网号, receipt number. */
export const once = () => read('once', ONLY);
export const keepOnce = (record) => write('once', ONLY, record);
export const forgetOnce = () => remove('once', ONLY);

/** Requests this device has opened and not decided: `{ id, platform, purpose, href, expiresAt }`. */
export const keepRequest = (request) => write('request', request.id, request);
export const forgetRequest = (id) => remove('request', id);

/** The last approval of this device, for the ten minutes in which it can be taken back: `{ transaction, approval, at }`. */
export const lastApproval = () => read('once', 'approval');
export const keepApproval = (approval) => write('once', 'approval', approval);
export const forgetApproval = () => remove('once', 'approval');

/** The requests that still live; the others are forgotten. */
export async function requests(now) {
  const all = (await run('request', 'readonly', (rows) => rows.getAll())) ?? [];
  const over = all.filter((request) => request.expiresAt <= now);
  await Promise.all(over.map((request) => forgetRequest(request.id)));
  return all.filter((request) => request.expiresAt > now);
}

/** Asks the browser not to throw this away when space is short. */
export async function persist() {
  try {
    await navigator.storage?.persist?.();
  } catch {
    // A browser that cannot promise it keeps it as long as it keeps anything.
  }
}
