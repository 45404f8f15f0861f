// P13 and P14: the person's decision, signed by the device key.

import * as keystore from './keystore.js';
import { busy, calm, data, element, left, moment, now, say, show, trouble } from './page.js';
import { Problem, act, ownDevice, post, tell } from './service.js';
import { digestOf, sign } from './statement.js';
import { present, valuesOf } from './credential.js';

const form = element('decide');
const approve = element('approve');
const refuse = element('refuse');
const buttons = () => Array.from(form.querySelectorAll('button'));
const windows = new BroadcastChannel('wangzheng');
const id = await digestOf(data.transaction);
// Not in the credential: the service computes it on the day (R10.1).
const COMPUTED = ['age_marker'];
let over = false;

// ---- the page

form.addEventListener('submit', (event) => event.preventDefault());
refuse.addEventListener('click', () => decide(refuse, say('refusing'), refusal));
approve?.addEventListener('click', () => {
  if (!complete()) return;
  if (Number(data.attributes) > 0) askSeparately();
  else decide(approve, say('signing'), () => approval([]));
});
element('not-me')?.addEventListener('click', (event) => decide(event.currentTarget, say('locking'), report));
element('result-only')?.addEventListener('click', (event) => decide(event.currentTarget, say('signing'), () => approval([])));
element('back')?.addEventListener('click', () => step(false));
element('give')?.addEventListener('click', (event) => {
  const ticked = Array.from(form.querySelectorAll('[name="attribute"]:checked'), (tick) => tick.value);
  if (ticked.length === 0) {
    trouble(say('choose_one'));
    return;
  }
  decide(event.currentTarget, say('signing'), () => approval(ticked));
});
windows.addEventListener('message', ({ data: message }) => {
  if (message.decided === id) end(say('elsewhere'));
});
count();
remember();

function count() {
  const seconds = Number(data.expiresAt) - now();
  if (over) return;
  if (seconds <= 0) {
    end(say('expired'));
    return;
  }
  if (seconds < 3600) {
    element('remaining').textContent = say('remaining', { time: left(seconds) });
    if (element('guardian-left')) element('guardian-left').textContent = say('guardian_left', { time: left(seconds) });
  }
  setTimeout(count, 1000);
}

async function remember() {
  try {
    await ownDevice();
    const href = location.pathname + location.search;
    const { platform, purpose } = data;
    await keystore.keepRequest({ id, platform, purpose, href, expiresAt: Number(data.expiresAt) });
  } catch (problem) {
    // Without a key one can still refuse, or choose the other way.
    if (approve) approve.disabled = true;
    tell(problem);
  }
}

function end(text) {
  over = true;
  step(false);
  trouble(text);
  for (const button of buttons()) button.disabled = true;
  keystore.forgetRequest(id).catch(() => {});
}

// ---- P14, a screen of its own

async function askSeparately() {
  calm();
  const { credential } = await ownDevice();
  for (const [name, value] of valuesOf(credential)) {
    const place = form.querySelector(`[data-value-of="${CSS.escape(name)}"]`);
    if (place) place.textContent = masked(value);
  }
  step(true);
}

function step(second) {
  show('first', !second);
  show('separate', second);
  show('guardian', false);
  const heading = element('heading');
  heading.textContent = second ? heading.dataset.second : heading.dataset.first;
  heading.focus();
  scrollTo(0, 0);
}

/** The first and the last character, the rest covered: the person knows it anyway, a bystander should not. */
function masked(value) {
  const characters = Array.from(String(value));
  if (characters.length <= 2) return `${characters[0] ?? ''}*`;
  return characters[0] + '*'.repeat(characters.length - 2) + characters.at(-1);
}

// ---- the decision

function complete() {
  calm();
  if (form.querySelector('[name="number"]') && !form.querySelector('[name="number"]:checked')) {
    trouble(say('pick_number'));
    return false;
  }
  const pin = form.elements.pin;
  const good = !pin || /^\d{8}$/.test(pin.value);
  pin?.setAttribute('aria-invalid', String(!good));
  if (!good) trouble(say('enter_pin'));
  return good;
}

/** Without a key the refusal cannot be signed; the other way ends the request for the platform just the same. */
async function refusal() {
  const device = (await keystore.canKeep()) && (await keystore.device());
  if (!device) return `/oauth/other?transaction=${encodeURIComponent(data.transaction)}`;
  return submit({ decision: 'refuse', attributes: [] });
}

async function approval(attributes) {
  const shown = attributes.filter((name) => !COMPUTED.includes(name));
  const presentation = shown.length > 0 ? await present(await ownDevice(), shown, id) : undefined;
  if (shown.length > 0 && !presentation) throw new Problem('not_held', 0);
  const value = (name) => form.querySelector(`[name="${name}"]:checked`)?.value;
  const fields = { decision: 'approve', attributes };
  if (form.elements.pin) fields.pin = form.elements.pin.value;
  if (value('face')) fields.face = value('face');
  if (value('face_notice')) fields.face_notice = value('face_notice');
  if (value('number')) fields.number = value('number');
  return submit(fields, presentation);
}

async function submit(fields, presentation) {
  const statement = await sign(await ownDevice(), 'wz-approval+jwt', { ...fields, transaction: id });
  const about = data.session ? { session: data.session } : { transaction: data.transaction };
  const base = location.pathname.endsWith('/oauth/authorize') ? location.pathname.slice(0, -'/oauth/authorize'.length) : '';
  const answer = await post(`${base}/oauth/decide`, { ...about, statement, presentation });
  await settled();
  if (fields.decision === 'approve') await keystore.keepApproval({ transaction: data.transaction, approval: statement, at: now() }).catch(() => {});
  return answer.redirect ?? `/result/${fields.decision === 'approve' ? 'approved' : 'refused'}`;
}

/** Not me: refuse, then lock, so that whoever tries again meets a locked 网证. */
async function report() {
  await ownDevice();
  await submit({ decision: 'refuse', attributes: [] });
  await act('lock');
  return '/result/reported';
}

async function decide(button, text, work) {
  calm();
  const others = buttons().filter((other) => other !== button);
  let next;
  await busy(button, text, async () => {
    try {
      next = await work().catch((problem) => withGuardian(problem, work));
    } catch (problem) {
      next = await explain(problem);
    }
  }, others);
  if (next) {
    for (const each of buttons()) each.disabled = true;
    location.replace(next);
  }
}

/** Under 14 a guardian consents first (R5.2): the request is left for them, and this device waits for the answer. */
async function withGuardian(problem, work) {
  if (problem.code !== 'guardian_needed') throw problem;
  const ask = (name) => act(name, { transaction: id }, undefined, { transaction: data.transaction });
  await ask('guardian_ask');
  let stopped = false;
  waitForGuardian(() => {
    stopped = true;
  });
  for (let round = 1; !over; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (stopped) return refusal();
    if (round % 6 !== 0) continue;
    const answer = await asked(ask);
    if (answer.state === 'approved') return work();
    if (answer.state === 'refused') {
      await settled();
      return data.session ? '/result/refused' : answer.redirect;
    }
  }
  return undefined;
}

/** Says what is waited for, and how to stop (ui.md §5.7). */
function waitForGuardian(stop) {
  show('first', false);
  show('separate', false);
  show('guardian');
  element('heading').textContent = element('guardian').dataset.title;
  const button = element('guardian-stop');
  button.disabled = false;
  button.onclick = () => {
    button.disabled = true;
    stop();
  };
  element('guardian').focus();
  scrollTo(0, 0);
}

/** Without a network one goes on waiting: what the guardian says is not lost. */
async function asked(ask) {
  try {
    return await ask('guardian_asked');
  } catch (problem) {
    if (problem.code === 'network' || problem.status >= 500) return { state: 'waiting' };
    throw problem;
  }
}

async function settled() {
  over = true;
  await keystore.forgetRequest(id).catch(() => {});
  windows.postMessage({ decided: id });
}

/** Says what went wrong; the address to go to when the request has ended. */
async function explain(problem) {
  const body = problem.body ?? {};
  if (element('guardian')?.hidden === false) step(false);
  switch (problem.code) {
    case 'request_expired':
    case 'request_taken':
      await settled();
      return `/result/${problem.code.replace('request_', '')}`;
    case 'number_wrong':
      // Whoever reads another number than the one on the screen is looking at somebody else's request.
      await refusal().catch(() => {});
      await settled();
      return '/result/number-wrong';
    case 'pin_wrong':
      step(false);
      form.elements.pin.value = '';
      form.elements.pin.setAttribute('aria-invalid', 'true');
      trouble(say('pin_wrong', { number: body.attempts_left ?? '' }));
      return undefined;
    case 'pin_locked':
      step(false);
      trouble(say('pin_locked', { time: body.locked_until ? moment(body.locked_until) : '' }));
      return undefined;
    case 'face_failed':
    case 'face_mismatch':
      step(false);
      trouble(say('face_failed'));
      return undefined;
    case 'face_consent_needed':
      step(false);
      tell(problem);
      form.elements.face_notice?.focus();
      return undefined;
    case 'locked':
      end(say('locked'));
      return undefined;
    case 'credential_outdated':
      trouble(say('outdated'));
      return undefined;
    case 'not_held':
      trouble(say('missing'));
      return undefined;
    default:
      tell(problem);
      return undefined;
  }
}
