// The last step of a renewed document: this device signs, and takes the new credential.

import * as keystore from './keystore.js';
import { busy, calm, data, element, say, trouble } from './page.js';
import { act, tell } from './service.js';

const form = element('renew');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  calm();
  busy(form.querySelector('.btn'), say('working'), async () => {
    try {
      const { application } = data;
      const { credential } = await act('renew', {}, '/person/api/renew', { application });
      await keystore.changeDevice({ credential });
      form.replaceChildren();
      trouble(say('renewed'), { text: say('done'), href: '/me/document' });
      element('trouble').className = 'note';
    } catch (problem) {
      const { reason, next } = problem.body ?? {};
      const language = document.documentElement.lang.startsWith('en') ? 'english' : 'chinese';
      if (reason) trouble(`${reason[language]} ${next?.[language] ?? ''}`);
      else tell(problem);
    }
  });
});
