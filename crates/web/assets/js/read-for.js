// C8: this phone reads the document of somebody in the family; what it reads goes to the service, which says only
// whether it is the document that was typed at the other end.

import { busy, calm, element, put, say, show, trouble } from './page.js';
import { act, tell } from './service.js';

const form = element('document');

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  calm();
  show('was-read', false);
  const fields = Object.fromEntries(new FormData(form));
  const code = fields.code.replace(/\s/g, '');
  if (!/^\d{8}$/.test(code)) {
    trouble(say('not_eight_digits'));
    return;
  }
  const { kind, number, holder, birth_date, valid_until } = fields;
  const document = { kind, number, holder, birth_date, valid_until: valid_until || null };
  busy(form.querySelector('.btn'), say('reading'), async () => {
    try {
      const { name_masked: name } = await act('read_for', { reading_code: code }, '/person/api/read-for', { document });
      put('read-name', say('was_read', { name }));
      show('was-read');
      form.reset();
    } catch (problem) {
      tell(problem);
    }
  });
});
