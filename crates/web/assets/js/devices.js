// P21: the person's devices; adding one by a code that both show, removing one.

import { fromBase64Url, toBase64Url } from './encoding.js';
import { scalarFor, wrapFor } from './history-key.js';
import * as keystore from './keystore.js';
import { busy, calm, dayName, element, left, make, now, put, say, show } from './page.js';
import { act, ownDevice, tell, words } from './service.js';

const EVERY = 2000;
const list = element('list');
const dialog = element('confirm-remove');
const removeText = element('confirm-text').textContent;
let link;

load();
element('make-code').addEventListener('click', (event) => busy(event.currentTarget, say('working'), makeCode));
element('confirm-link').addEventListener('click', (event) => busy(event.currentTarget, say('working'), confirm, [element('deny-link')]));
element('deny-link').addEventListener('click', deny);

async function load() {
  try {
    const { devices } = await act('devices');
    show('state', false);
    list.replaceChildren(...devices.map((device) => row(device, devices.length === 1)));
    if (devices.length === 1) put('state', say('only_one'));
  } catch (problem) {
    show('state', false);
    tell(problem);
  }
}

function row({ device, name, added_on: added, this: own }, last) {
  const item = make('li', 'card');
  const words = make('div');
  words.append(make('b', '', name || say('unnamed')));
  if (own) words.append(' ', make('span', 'tag ok', say('this')));
  words.append(make('br'), make('span', 'small muted', say('added', { day: dayName(added) })));
  const remove = make('button', 'btn danger', say('remove'));
  remove.type = 'button';
  remove.setAttribute('aria-label', `${say('remove')}: ${name}`);
  remove.addEventListener('click', () => ask(remove, device, own, last));
  item.append(words, remove);
  return item;
}

function ask(button, device, own, last) {
  dialog.returnValue = '';
  put('confirm-text', last ? say('last') : removeText);
  dialog.onclose = () => {
    button.focus();
    if (dialog.returnValue !== 'yes') return;
    calm();
    busy(button, say('working'), async () => {
      try {
        await act('remove_device', { device, last_device: last });
        if (own) {
          await keystore.forgetDevice();
          location.replace('/');
          return;
        }
        await load();
        put('state', say('removed'));
      } catch (problem) {
        tell(problem);
      }
    });
  };
  dialog.showModal();
}

// ---- adding another device

async function makeCode() {
  calm();
  try {
    const answer = await act('link');
    link = { code: answer.link_code, expiresAt: answer.expires_at };
    element('link-code').textContent = link.code.replace(/(.{4})/, '$1 ');
    show('link');
    show('compare', false);
    wait();
  } catch (problem) {
    tell(problem);
  }
}

async function wait() {
  const mine = link;
  if (!mine) return;
  if (mine.expiresAt <= now()) {
    finish(say('expired'));
    return;
  }
  try {
    const answer = await act('link_claimed', { link_code: mine.code }, '/person/api/link/claimed');
    if (answer.agreement_key && link === mine) {
      mine.agreementKey = answer.agreement_key;
      put('link-state', say('claimed', { name: answer.device_name }));
      element('check-digits').textContent = answer.check;
      show('compare');
      element('confirm-link').focus();
      return;
    }
  } catch (problem) {
    if (problem.status >= 400 && problem.status < 500 && problem.status !== 404) {
      finish(words(problem));
      return;
    }
  }
  put('link-state', say('waiting', { time: left(mine.expiresAt - now()) }));
  setTimeout(wait, EVERY);
}

async function confirm() {
  try {
    const device = await ownDevice();
    const fields = { link_code: link.code };
    if (device.historyWrap) {
      // The history key goes to the key whose digits the person compared.
      const wrap = await wrapFor(fromBase64Url(link.agreementKey), await scalarFor(device));
      fields.history_wrap = toBase64Url(wrap);
    }
    await act('link_confirm', fields, '/person/api/link/confirm');
    finish(say('confirmed'));
    await load();
  } catch (problem) {
    tell(problem);
  }
}

/** The digits differ, or the person changed their mind: the code is worth nothing from now on. */
async function deny() {
  const { code } = link;
  finish(say('denied'));
  await act('link_cancel', { link_code: code }, '/person/api/link/cancel').catch(() => {});
}

function finish(text) {
  link = undefined;
  show('compare', false);
  element('link-code').textContent = '';
  show('link');
  put('link-state', text);
}

