// P8: makes the keys of this device, signs, applies or recovers, and keeps what comes back.

import { newKeyPair, publicBytes, publicJwk } from './box.js';
import { fromBase64Url, toBase64Url } from './encoding.js';
import { finishHistory, historyPublic, keepHistory, newHistory, wrapFor } from './history-key.js';
import { GivenUp, withGuardian } from './guardian-code.js';
import * as keystore from './keystore.js';
import { thumbprintOf } from './link.js';
import { busy, calm, data, element, now, say, trouble } from './page.js';
import * as recovery from './recovery-code.js';
import { issuer, post, signIn, tell } from './service.js';
import { newSigningKey, signNew } from './statement.js';

const form = element('bind');
const button = form.querySelector('.btn');
const name = form.elements.device_name;
const recovering = data.purpose === 'recover';

name.value ||= say('device_default');
prepare();

async function prepare() {
  if (!(await keystore.canKeep())) {
    trouble(say('unsupported'));
    button.disabled = true;
    return;
  }
  if (await keystore.device()) trouble(say('exists'), { text: say('recover_open'), href: '/' });
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  calm();
  busy(button, say('making_keys'), async () => {
    try {
      await (recovering ? recover() : apply());
    } catch (problem) {
      if (!(problem instanceof GivenUp)) tell(problem);
    }
  });
});

async function apply() {
  await keystore.persist();
  const keys = (await keystore.pending()) ?? (await makeKeys());
  const code = element('make-recovery-code').checked ? keys.code : undefined;
  // 1. Kept before they are sent: if the answer is lost, nothing is.
  await keystore.keepPending(keys);
  button.textContent = say('sending');
  const answer = await submit('/person/api/apply', keys, {
    agreement_key: publicJwk(keys.agreementPublic),
    history_key: publicJwk(keys.historyPublic),
    history_wrap: toBase64Url(keys.historyWrap),
    recovery: code ? { wrap: toBase64Url(keys.codeWrap), proof: toBase64Url(await recovery.proofOf(code)) } : null,
    device_name: name.value.trim(),
  });
  // 2. What came back, kept.
  button.textContent = say('saving');
  await keystore.keepDevice({
    ...deviceOf(keys, answer),
    historyWrap: keys.historyWrap,
    historyPublic: keys.historyPublic,
    wanghao: answer.wanghao,
  });
  await keystore.keepOnce({
    code: code ? recovery.written(code) : undefined,
    wanghao: answer.wanghao,
    wanghaoMasked: answer.wanghao_masked,
    receipt: answer.receipt_number,
  });
  await keystore.forgetPending();
  // 3. In.
  await signIn();
  location.replace('/apply/done');
}

async function recover() {
  await keystore.persist();
  const earlier = await keystore.pending();
  const typed = form.elements.recovery_code.value.trim();
  const code = typed ? recovery.typed(typed) : earlier?.code;
  if (typed && !code) {
    form.elements.recovery_code.setAttribute('aria-invalid', 'true');
    trouble(say('code_wrong'));
    return;
  }
  const keys = await makeKeys();
  button.textContent = say('sending');
  const answer = await submit('/person/api/recover', keys, {
    agreement_key: publicJwk(keys.agreementPublic),
    recovery_proof: code ? toBase64Url(await recovery.proofOf(code)) : null,
    device_name: name.value.trim(),
  });
  button.textContent = say('saving');
  await keystore.keepDevice({ ...deviceOf(keys, answer), historyUnopened: true });
  await keystore.forgetPending();
  await keystore.keepOnce({ wanghaoMasked: answer.wanghao_masked, activeFrom: answer.active_from });
  if (answer.active_from && answer.active_from > now()) {
    location.replace('/recover/done');
    return;
  }
  await signIn();
  if (answer.recovery_wrap && code) {
    const scalar = await recovery.unwrap(code, fromBase64Url(answer.recovery_wrap));
    await keepHistory(scalar, historyPublic(answer.history_key));
  } else {
    await finishHistory();
  }
  location.replace('/recover/done');
}

/** Signed by the new key; a minor's also by a guardian, who is asked for when the service says so (R4.2, R4.3). */
async function submit(path, keys, fields) {
  const signed = async () => ({ statement: await signNew(keys.pair, issuer), application: data.application });
  const work = async (guardian) => post(path, { ...(await signed()), ...fields, guardian });
  const ask = async () => post('/person/api/guardian-code', await signed());
  const thumbprint = await thumbprintOf(publicJwk(await publicBytes(keys.pair.publicKey)));
  return withGuardian(work, { ask, thumbprint, form });
}

async function makeKeys() {
  const pair = await newSigningKey();
  const agreement = await newKeyPair(false);
  const agreementPublic = await publicBytes(agreement.publicKey);
  const history = await newHistory();
  const code = recovery.newCode();
  return {
    pair,
    agreement: agreement.privateKey,
    agreementPublic,
    historyPublic: history.publicBytes,
    historyWrap: await wrapFor(agreementPublic, history.scalar),
    code,
    codeWrap: await recovery.wrap(code, history.scalar),
  };
}

function deviceOf(keys, answer) {
  return {
    issuer,
    handle: answer.device,
    name: name.value.trim(),
    signing: keys.pair.privateKey,
    agreement: keys.agreement,
    agreementPublic: keys.agreementPublic,
    credential: answer.credential,
    wanghaoMasked: answer.wanghao_masked,
    activeFrom: answer.active_from,
  };
}
