// Silent sign-in: a browser that holds a device key opens its session and loads the page again.

import * as keystore from './keystore.js';
import { data, put, say, show } from './page.js';
import { signIn, words } from './service.js';
import { finishHistory } from './history-key.js';

const TRIED = 'wangzheng.sign-in';

async function open() {
  const device = (await keystore.canKeep()) ? await keystore.device() : undefined;
  if (!device) return;
  if (device.activeFrom && device.activeFrom * 1000 > Date.now()) return;
  // A browser that refuses cookies would load for ever.
  const last = Number(sessionStorage.getItem(TRIED) ?? 0);
  if (Date.now() - last < 8000) {
    put('opening', say('failed'));
    return;
  }
  sessionStorage.setItem(TRIED, String(Date.now()));
  put('opening', say('opening'));
  show('no-key', false);
  try {
    await signIn();
    await finishHistory();
    location.replace(data.reload || '/');
  } catch (problem) {
    sessionStorage.removeItem(TRIED);
    put('opening', words(problem));
    show('no-key');
  }
}

open();
