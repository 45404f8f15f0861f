// The new device's side of a link: takes up the code an old device shows, and waits for its yes.

import { newKeyPair, publicBytes, publicJwk } from './box.js';
import * as keystore from './keystore.js';
import { checkDigits } from './link.js';
import { busy, calm, element, put, say, show, trouble } from './page.js';
import { act, issuer, post, signIn, tell } from './service.js';
import { newSigningKey } from './statement.js';

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
  const deviceKey = publicJwk(await publicBytes(pair.publicKey));
  const agreementKey = publicJwk(agreementPublic);
  const device_name = name.value.trim();
  const { claim: claimed } = await post('/person/api/link/claim', {
    link_code: code,
    device_key: deviceKey,
    agreement_key: agreementKey,
    device_name,
  });
  element('check-digits').textContent = await checkDigits(deviceKey, agreementKey);
  put('state', say('waiting'));
  form.hidden = true;
  show('compare');
  const { device } = await answer(claimed);
  const record = { issuer, handle: device, name: device_name, signing: pair.privateKey, agreement: agreement.privateKey, agreementPublic };
  await keystore.keepDevice(record);
  put('state', say('done'));
  const { credential, wanghao, wanghao_masked: wanghaoMasked } = await act('credential');
  await keystore.changeDevice({ credential, wanghao, wanghaoMasked });
  await signIn();
  location.replace('/');
}

/** Asks until the old device said yes. */
async function answer(claimed) {
  for (;;) {
    try {
      const finished = await post('/person/api/link/finish', { claim: claimed });
      if (finished.device) return finished;
    } catch (problem) {
      if (problem.code !== 'network' && problem.status !== 404 && problem.status !== 409) {
        show('compare', false);
        form.hidden = false;
        throw problem;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}
