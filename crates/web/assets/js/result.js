// P15: for ten minutes an approval can be taken back here (R9.2). Nothing of it is kept longer.

import * as keystore from './keystore.js';
import { busy, calm, element, left, now, put, say, show } from './page.js';
import { act, tell } from './service.js';

const LIFE = 600;
const approved = (await keystore.canKeep()) ? await keystore.lastApproval() : undefined;

if (approved && element('undo')) offer();

function offer() {
  const button = element('undo-now');
  button.addEventListener('click', () => busy(button, say('undoing'), undo));
  count();
}

function count() {
  const seconds = approved.at + LIFE - now();
  show('undo', seconds > 0);
  if (seconds <= 0) {
    keystore.forgetApproval().catch(() => {});
    return;
  }
  put('undo-left', say('undo_left', { time: left(seconds) }));
  setTimeout(count, 1000);
}

async function undo() {
  calm();
  try {
    const { transaction, approval } = approved;
    await act('undo_approval', { transaction, approval });
    await keystore.forgetApproval();
    location.replace('/result/undone');
  } catch (problem) {
    tell(problem);
  }
}
