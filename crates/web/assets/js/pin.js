// The 口令: its rules checked while typing; a forgotten one is set anew by this device.

import { boundKey } from './credential.js';
import { GivenUp, withGuardian } from './guardian-code.js';
import { thumbprintOf } from './link.js';
import { busy, calm, data, element, say, trouble } from './page.js';
import { act, ownDevice, tell } from './service.js';

const form = element('choose');
const first = element('field-pin');
const again = element('field-pin_again');

/** The rules of identity::pin, each with whether a PIN keeps it. */
export function rules(pin) {
  const digits = /^\d*$/.test(pin) ? Array.from(pin, Number) : [];
  const step = (at) => digits[at + 1] - digits[at];
  const starts = digits.slice(0, -2).map((_, at) => at);
  const most = Math.max(0, ...digits.map((digit) => digits.filter((other) => other === digit).length));
  return {
    length: /^\d{8}$/.test(pin),
    repeat: digits.length > 0 && most <= 4 && !starts.some((at) => step(at) === 0 && step(at + 1) === 0),
    run: digits.length > 0 && !starts.some((at) => Math.abs(step(at)) === 1 && step(at) === step(at + 1)),
  };
}

function check() {
  const kept = rules(first.value);
  for (const row of document.querySelectorAll('#pin-rules [data-rule]')) {
    const met = kept[row.dataset.rule];
    // While too short, a length not reached is no fault yet.
    const open = first.value === '' || (row.dataset.rule === 'length' && first.value.length < 8);
    row.dataset.met = met ? 'true' : open ? 'open' : 'false';
    row.querySelector('.unseen')?.remove();
    if (first.value === '') continue;
    const state = document.createElement('span');
    state.className = 'unseen';
    state.textContent = met ? say('rule_met') : say('rule_unmet');
    row.append(state);
  }
  return Object.values(kept).every(Boolean);
}

first.addEventListener('input', check);
again.addEventListener('input', () => again.removeAttribute('aria-invalid'));

form.addEventListener('submit', (event) => {
  const good = check();
  const same = first.value === again.value;
  first.setAttribute('aria-invalid', String(!good));
  again.setAttribute('aria-invalid', String(!same));
  if (!good || !same) {
    event.preventDefault();
    if (!same) trouble(say('differ'));
    (good ? again : first).focus();
    return;
  }
  calm();
  if (data.purpose !== 'new_pin') return;
  event.preventDefault();
  const application = form.elements.application.value;
  busy(form.querySelector('.btn'), say('working'), async () => {
    try {
      const pin = first.value;
      const work = (guardian) => act('set_pin', {}, '/person/api/set-pin', { application, pin, guardian });
      const ask = () => act('guardian_code', {}, '/person/api/guardian-code/device', { application });
      const thumbprint = await thumbprintOf(boundKey((await ownDevice()).credential));
      await withGuardian(work, { ask, thumbprint, form });
      form.replaceChildren();
      trouble(say('changed'), { text: say('done'), href: '/me' });
      element('trouble').className = 'note';
    } catch (problem) {
      if (!(problem instanceof GivenUp)) tell(problem);
    }
  });
});
