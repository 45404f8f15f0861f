// The guardian's part, seen from the child's browser (R4.2, R4.3): eight digits are shown, this page waits, and goes on
// with what the guardian signed on a device of their own.

import { checkDigitsOf } from './link.js';
import { element, left, now, put, say, show } from './page.js';
import { Problem, post } from './service.js';

const EVERY = 2000;
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** The child decided not to wait. */
export class GivenUp extends Error {}

/**
 * Does `work` with nothing; where the service answers that a guardian is needed, again with the guardian's statement.
 * `ask` has a code made, `thumbprint` is of the key the guardian's statement names, `form` is hidden meanwhile.
 */
export async function withGuardian(work, { ask, thumbprint, form }) {
  try {
    return await work(null);
  } catch (problem) {
    if (problem.code !== 'guardian_needed') throw problem;
  }
  const code = await ask();
  form.hidden = true;
  try {
    return await work(await statement(code, thumbprint));
  } finally {
    show('guardian-code', false);
    form.hidden = false;
  }
}

async function statement({ code, claim, expires_at: expiresAt }, thumbprint) {
  put('guardian-digits', code.replace(/(.{4})/, '$1 '));
  // Computed here from the key itself, not taken from the answer.
  put('guardian-check', await checkDigitsOf(thumbprint));
  show('guardian-code');
  element('guardian-code').focus();
  let givenUp = false;
  const cancel = element('guardian-cancel');
  cancel.onclick = () => {
    givenUp = true;
    cancel.disabled = true;
  };
  cancel.disabled = false;
  for (let round = 0; ; round += 1) {
    if (givenUp) {
      await post('/person/api/guardian-code/cancel', { claim }).catch(() => {});
      throw new GivenUp();
    }
    if (expiresAt <= now()) throw new Problem('guardian_code_over', 0);
    put('guardian-left', say('guardian_left', { time: left(expiresAt - now()) }));
    if (round % 4 === 0) {
      const answer = await answered(claim);
      if (answer.state === 'done') return answer.guardian;
      if (answer.state === 'refused') throw new Problem('guardian_declined', 0);
    }
    await sleep(EVERY / 4);
  }
}

/** Without a network one goes on waiting: what the guardian says is not lost. */
async function answered(claim) {
  try {
    return await post('/person/api/guardian-code/state', { claim });
  } catch (problem) {
    if (problem.code === 'network' || problem.status >= 500) return { state: 'waiting' };
    throw problem.status === 404 ? new Problem('guardian_code_over', 404) : problem;
  }
}
