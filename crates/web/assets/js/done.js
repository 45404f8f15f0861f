// P9: shows once what was just received. The recovery code is forgotten here when the person has kept it.

import * as keystore from './keystore.js';
import { download, element, moment, now, put, say, show } from './page.js';

const shown = await keystore.once();

// Shown once, right after the person is done; later there is nothing here.
if (shown) fill(shown);
else location.replace('/');

function fill({ code, wanghao, wanghaoMasked, receipt, activeFrom }) {
  element('wanghao').textContent = wanghaoMasked ?? '';
  show('number', Boolean(wanghaoMasked));
  const toggle = element('show-wanghao');
  toggle.hidden = !wanghao;
  toggle.addEventListener('click', () => {
    const masked = element('wanghao').textContent === wanghaoMasked;
    element('wanghao').textContent = masked ? wanghao : wanghaoMasked;
    toggle.textContent = masked ? say('hide') : say('show');
  });
  element('receipt').textContent = receipt ?? '';
  show('receipt-row', Boolean(receipt));
  if (activeFrom && activeFrom > now()) put('waiting-note', say('active_from', { time: moment(activeFrom) }));
  if (code) offer(code);
  element('go-home').addEventListener('click', (event) => leave(event, code));
}

function offer(code) {
  element('recovery-code').textContent = code;
  show('recovery');
  element('save-code').addEventListener('click', () => {
    download(say('file_name'), 'text/plain;charset=utf-8', `${say('file_text')}\r\n\r\n${code}\r\n`);
  });
  element('print-code').addEventListener('click', () => print());
}

async function leave(event, code) {
  event.preventDefault();
  if (code && !element('kept').checked) {
    show('kept-first');
    element('kept').focus();
    return;
  }
  await keystore.forgetOnce();
  location.replace('/');
}
