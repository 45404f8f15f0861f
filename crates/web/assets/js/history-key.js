// The key that opens the person's history: kept wrapped, opened for the moment it is used.

import { jwkBytes, keyOfScalar, newKeyPair, open, publicBytes, scalarOf, seal } from './box.js';
import { fromBase64Url, toBase64Url } from './encoding.js';
import * as keystore from './keystore.js';
import { act, ownDevice } from './service.js';

const CONTEXT = 'history-key';

/** A new history key: its scalar and its public bytes. */
export async function newHistory() {
  const pair = await newKeyPair(true);
  return { scalar: await scalarOf(pair.privateKey), publicBytes: await publicBytes(pair.publicKey) };
}

/** The scalar, sealed to 65 bytes of a device's agreement key. */
export const wrapFor = (agreementPublic, scalar) => seal(agreementPublic, CONTEXT, scalar);

/** The scalar, from the wrap of this device. */
export const scalarFor = (device, wrap = device.historyWrap) =>
  open(device.agreement, device.agreementPublic, CONTEXT, wrap);

/**
 * The history key of this device: `{ privateKey, publicBytes }`. What the service sent with the receipts helps a device
 * that was added by another one and has not seen its wrap yet; undefined when nobody wrapped it for this device.
 */
export async function historyKey(answer = {}) {
  let device = await ownDevice();
  if (!device.historyWrap && answer.history_wrap) {
    device = await keystore.changeDevice({ historyWrap: fromBase64Url(answer.history_wrap) });
  }
  if (!device.historyWrap) return undefined;
  const known = device.historyPublic ?? historyPublic(answer.history_key);
  const key = await keyOfScalar(await scalarFor(device), known);
  if (!device.historyPublic) await keystore.changeDevice({ historyPublic: key.publicBytes });
  return key;
}

/** The public bytes, however an answer writes them. */
export function historyPublic(value) {
  if (!value) return undefined;
  return typeof value === 'string' ? fromBase64Url(value) : jwkBytes(value);
}

/**
 * After a recovery without the code: nobody can open the old history, so this device begins another. If the service
 * says no, it was begun before and the wrap comes with the receipts.
 */
export async function finishHistory() {
  const device = await ownDevice();
  if (!device.historyUnopened) return;
  const { scalar, publicBytes: bytes } = await newHistory();
  const wrap = await wrapFor(device.agreementPublic, scalar);
  const members = { historyUnopened: false, historyWrap: wrap, historyPublic: bytes };
  try {
    await act('history_begin', { history_key: toBase64Url(bytes), history_wrap: toBase64Url(wrap) });
    await keystore.changeDevice(members);
  } catch (problem) {
    if (problem.status < 400 || problem.status >= 500) throw problem;
    await keystore.changeDevice({ historyUnopened: false });
  }
}

/** After a recovery with the code: the service keeps the key wrapped for this device too. */
export async function keepHistory(scalar, known) {
  const device = await ownDevice();
  const wrap = await wrapFor(device.agreementPublic, scalar);
  const key = await keyOfScalar(scalar, known);
  await keystore.changeDevice({ historyUnopened: false, historyWrap: wrap, historyPublic: key.publicBytes });
  await act('history_wrap', { history_wrap: toBase64Url(wrap) });
}
