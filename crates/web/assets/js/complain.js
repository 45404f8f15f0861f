// Complaining with a device: opened from a record entry or an approval, the second tap sends it (R7.2).

import { busy, calm, dayName, data, element, put, say, show, trouble } from './page.js';
import { act, tell } from './service.js';
import { receipts } from './receipts.js';

const form = element('complain');
const platform = element('field-platform');
// What the page before said stands behind the `#`: it is never sent to the service.
const about = new URLSearchParams(location.hash.slice(1));
const signedIn = data.signedIn === 'true';
let entry;

begin();

async function begin() {
  choose(about.get('client'));
  if (!signedIn) return;
  show('contact', false);
  if (!about.has('entry')) {
    show('one-tap', platform.value !== '');
    return;
  }
  try {
    const { entries } = await receipts();
    entry = entries.find(({ id }) => id === about.get('entry'));
    choose(entry?.claims.aud);
    show('attached', Boolean(entry) && !entry.text.startsWith('{'));
  } catch (problem) {
    tell(problem);
  }
  show('one-tap', platform.value !== '');
}

function choose(client) {
  const fits = ({ dataset }) => client && (dataset.clients ?? '').split(' ').includes(client);
  const option = Array.from(platform.options).find(fits);
  if (option) platform.value = option.value;
}

form.addEventListener('submit', (event) => {
  if (!signedIn) return;
  event.preventDefault();
  send();
});
form.addEventListener('change', (event) => {
  // Two taps: "complain" at the entry, the kind here. Who has more to say opens the details first.
  const quick = event.target.name === 'kind' && platform.value && !form.querySelector('details').open;
  if (signedIn && quick && about.size > 0) send();
});

function send() {
  calm();
  const kind = form.querySelector('[name="kind"]:checked')?.value;
  if (!platform.value || !kind) {
    trouble(say('choose_both'));
    return;
  }
  const genuine = entry && !entry.text.startsWith('{');
  const fields = {
    platform: platform.value,
    kind,
    text: form.elements.text.value,
    receipts: genuine ? [entry.text] : [],
    share: form.elements.share.checked,
  };
  busy(form.querySelector('.btn'), say('sending'), async () => {
    try {
      const answer = await act('complain', fields);
      put('received-number', answer.number);
      put('received-due', dayName(answer.due_on));
      form.hidden = true;
      show('received');
      element('received').scrollIntoView({ block: 'center' });
    } catch (problem) {
      tell(problem);
    }
  });
}
