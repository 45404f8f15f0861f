// Reads a QR code off a picture, as a camera would.
import jsQR from 'jsqr';
import { PNG } from 'pngjs';

/** The text of the QR code in this PNG; throws when there is none that a camera could read. */
export function readCode(png) {
  const { data, width, height } = PNG.sync.read(png);
  const found = jsQR(new Uint8ClampedArray(data), width, height);
  if (!found) throw new Error(`no readable code in a picture of ${width}×${height}`);
  return found.data;
}
