// P23: a guardian types the code a child's screen shows, compares four digits, reads the notice, and signs yes or no
// (R4.2, R4.3).

import { checkDigitsOf } from './link.js';
import { busy, calm, element, put, say, show, trouble } from './page.js';
import { act, ownDevice, post, tell } from './service.js';
import { sign } from './statement.js';

const form = element('read-code');
const decide = element('asked');
let asked;

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  calm();
  show('code-done', false);
  const code = form.elements.code.value.replace(/\s/g, '');
  if (!/^\d{8}$/.test(code)) {
    trouble(say('not_eight_digits'));
    return;
  }
  work(form.querySelector('.btn'), say('looking'), () => read(code));
});
decide?.addEventListener('submit', (event) => event.preventDefault());
element('agree-code')?.addEventListener('click', (event) => {
  calm();
  const tick = element('minors-consent');
  if (asked.act === 'apply' && !tick?.checked) {
    trouble(say('tick_first'));
    tick?.focus();
    return;
  }
  work(event.currentTarget, say('signing'), () => answer('approve'), [element('refuse-code')]);
});
element('refuse-code')?.addEventListener('click', (event) => {
  calm();
  work(event.currentTarget, say('signing'), () => answer('refuse'), [element('agree-code')]);
});

const work = (button, text, what, others = []) => busy(button, text, async () => {
  try {
    await what();
  } catch (problem) {
    tell(problem);
  }
}, others);

async function read(code) {
  const path = '/person/api/guardian-code/read';
  asked = { code, ...(await act('guardian_code_read', { guardian_code: code }, path)) };
  const consents = asked.act === 'apply';
  put('asked-child', asked.child_name);
  put('asked-what', say(`for_${asked.purpose}`));
  put('asked-part', say(consents ? 'part_apply' : 'part_supervise'));
  // Computed here from the key that the signature will name.
  put('asked-check', await checkDigitsOf(asked.key));
  show('minors', consents);
  form.hidden = true;
  decide.hidden = false;
  element('asked-title').focus();
}

async function answer(decision) {
  const tick = element('minors-consent');
  const consents = decision === 'approve' && asked.act === 'apply' ? [{ kind: tick.dataset.kind, notice: tick.value }] : [];
  const fields = { act: asked.act, key: asked.key, decision, consents };
  const statement = await sign(await ownDevice(), 'wz-guardian+jwt', fields);
  await post('/person/api/guardian-code/answer', { code: asked.code, statement });
  put('code-done', say(decision === 'approve' ? 'code_agreed' : 'code_refused'));
  decide.hidden = true;
  form.hidden = false;
  form.reset();
  if (tick) tick.checked = false;
  element('code-done').focus();
}
