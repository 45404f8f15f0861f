// P27: agreeing to a notice and taking it back, each one signed act of this device (R9.2).

import { busy, calm, put, say } from './page.js';
import { act, tell } from './service.js';

for (const form of document.querySelectorAll('form.agree')) listen(form, 'agree');
for (const form of document.querySelectorAll('form.withdraw')) listen(form, 'withdraw_agreement');

function listen(form, name) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    calm();
    busy(form.querySelector('button'), say('sending'), async () => {
      try {
        // A guardian decides for a child under 14 (R4.2).
        const { notice, child } = form.dataset;
        const answer = await act(name, { notice, ...(child ? { child } : {}) });
        put('done', say(name === 'agree' ? 'agreed' : answer.effect));
        setTimeout(() => location.reload(), 1500);
      } catch (problem) {
        tell(problem);
      }
    });
  });
}
