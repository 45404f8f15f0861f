// The new device's side of a link: takes up the code an old device shows, and waits for its yes.

import { newKeyPair, publicBytes, publicJwk } from './box.js';
import * as keystore from './keystore.js';
import { fromBase64Url } from './encoding.js';
import { historyPublic } from './history-key.js';
import { checkDigits } from './link.js';
import { busy, calm, element, put, say, show, trouble } from './page.js';
import { act, issuer, post, signIn, tell } from './service.js';
import { newSigningKey, signNew } from './statement.js';

const EVERY = 2000;
const form = element('claim');
const name = form.elements.device_name;
name.value ||= say('device_default');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  calm();
  const code = form.elements.code.value.replace(/\s/g, '');
  if (!/^\d{8}$/.test(code)) {
    trouble(say('not_eight_digits'));
    return;
  }
  busy(form.querySelector('.btn'), say('claiming'), async () => {
    try {
      await claim(code);
    } catch (problem) {
      tell(problem);
    }
  });
});

async function claim(code) {
  if (!(await keystore.canKeep())) {
    trouble(say('unsupported'));
    return;
  }
  await keystore.persist();
  const pair = await newSigningKey();
  const agreement = await newKeyPair(false);
  const agreementPublic = await publicBytes(agreement.publicKey);
  const device_name = name.value.trim();
  const { claim: claimed } = await post('/person/api/link/claim', {
    link_code: code,
    statement: await signNew(pair, issuer),
    agreement_key: publicJwk(agreementPublic),
    device_name,
  });
  // Computed here from the key itself, not taken from the answer.
  element('check-digits').textContent = await checkDigits(publicJwk(await publicBytes(pair.publicKey)));
  put('state', say('waiting'));
  form.hidden = true;
  show('compare');
  const linked = await answer(claimed);
  put('state', say('done'));
  await keystore.keepDevice({
    issuer,
    handle: linked.device,
    name: device_name,
    signing: pair.privateKey,
    agreement: agreement.privateKey,
    agreementPublic,
    credential: linked.credential,
    wanghaoMasked: linked.wanghao_masked,
    historyWrap: linked.history_wrap ? fromBase64Url(linked.history_wrap) : undefined,
    historyPublic: historyPublic(linked.history_key),
  });
  if (!linked.credential) await fetchCredential();
  await signIn();
  location.replace('/');
}

/** The register may not answer just now; the credential then comes with a later visit. */
async function fetchCredential() {
  const { credential } = await act('credential').catch(() => ({}));
  if (credential) await keystore.changeDevice({ credential });
}

/** Asks until the old device said yes. */
async function answer(claimed) {
  for (;;) {
    try {
      const finished = await post('/person/api/link/finish', { claim: claimed });
      if (finished.device) return finished;
    } catch (problem) {
      if (problem.code !== 'network') {
        show('compare', false);
        form.hidden = false;
        throw problem;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}
