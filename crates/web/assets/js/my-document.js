// P24: a new 网号.

import * as keystore from './keystore.js';
import { busy, calm, element, put, say, trouble } from './page.js';
import { act, tell } from './service.js';

const form = element('reissue');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  calm();
  busy(form.querySelector('.btn'), say('working'), async () => {
    try {
      const { credential, wanghao_masked: masked } = await act('reissue', { pin: form.elements.pin.value });
      await keystore.changeDevice({ credential, wanghaoMasked: masked });
      form.hidden = true;
      put('reissued', say('reissued', { number: masked }));
    } catch (problem) {
      form.elements.pin.value = '';
      if (problem.code === 'pin_wrong') trouble(say('pin_wrong', { number: problem.body.attempts_left ?? '' }));
      else tell(problem);
    }
  });
});
