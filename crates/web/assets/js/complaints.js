// The person's own complaints: numbers and secrets come from the sealed inbox; the service keeps no list (C1).

import { data, dayName, element, make, say, show } from './page.js';
import { receipts } from './receipts.js';
import { act, tell } from './service.js';

if (data.signedIn === 'true') load();

async function load() {
  try {
    const { entries } = await receipts();
    const own = new Map();
    for (const { claims } of entries) {
      if (claims.topic?.startsWith('complaint_')) own.set(claims.complaint, claims.secret);
    }
    if (own.size === 0) {
      show('own-none');
      return;
    }
    const asked = Array.from(own, ([number, secret]) => ({ number, secret })).slice(0, 100);
    const { complaints } = await act('complaints', { complaints: asked });
    element('own-list').replaceChildren(...complaints.map(line));
    show('own');
  } catch (problem) {
    tell(problem);
  }
}

function line({ number, kind, state, due_on: due, answer }) {
  const row = make('li');
  const words = make('span');
  words.append(make('b', '', say(`kind_${kind}`)), make('br'), make('span', 'small mono', number));
  if (answer) words.append(make('br'), make('span', 'small', answer.reasons));
  const side = make('span');
  side.append(make('span', answer ? 'tag ok' : 'tag', answer ? say(`outcome_${answer.outcome}`) : say(`state_${state}`)), make('br'));
  const time = make('time', '', dayName(answer ? answer.on : due));
  time.dateTime = answer ? answer.on : due;
  side.append(time);
  row.append(words, side);
  return row;
}
