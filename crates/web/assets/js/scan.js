// P12: reads the code on another screen with the camera, where the browser can.

import { data, element, put, say, show, trouble } from './page.js';

const view = element('view');
const start = element('start');
const light = element('light');
const reader = await barcodeReader();
let stream;
let lit = false;

if (reader && navigator.mediaDevices?.getUserMedia) show('start');
else show('no-camera');

start.addEventListener('click', open);
element('stop').addEventListener('click', close);
light.addEventListener('click', async () => {
  lit = !lit;
  await stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: lit }] });
  light.textContent = lit ? say('light_off') : say('light_on');
});
addEventListener('pagehide', close);

async function barcodeReader() {
  if (!('BarcodeDetector' in globalThis)) return undefined;
  const formats = await BarcodeDetector.getSupportedFormats();
  return formats.includes('qr_code') ? new BarcodeDetector({ formats: ['qr_code'] }) : undefined;
}

async function open() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
  } catch {
    trouble(say('denied'));
    return;
  }
  view.srcObject = stream;
  await view.play();
  show('camera');
  show('start', false);
  light.hidden = !stream.getVideoTracks()[0].getCapabilities?.().torch;
  put('camera-state', say('looking'));
  look();
}

function close() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  show('camera', false);
  show('start');
}

async function look() {
  if (!stream) return;
  const found = await reader.detect(view).catch(() => []);
  for (const { rawValue } of found) {
    if (ours(rawValue)) {
      put('camera-state', say('found'));
      close();
      location.assign(rawValue);
      return;
    }
    put('camera-state', say('not_ours'));
  }
  setTimeout(look, 200);
}

/** Only a code of this very service is followed. */
function ours(text) {
  if (!URL.canParse(text)) return false;
  return new URL(text).origin === location.origin && text.startsWith(`${data.issuer}/x/`);
}
