// SM3 (GB/T 32905-2016), the hash of the public log. Browsers have none of their own.

const FIRST = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
const rotate = (word, by) => (word << by % 32) | (word >>> (32 - (by % 32)) % 32);
const shake = (x) => x ^ rotate(x, 9) ^ rotate(x, 17);
const stir = (x) => x ^ rotate(x, 15) ^ rotate(x, 23);

/** The 32 bytes of the hash of parts, one after the other. */
export function sm3(...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const padded = new Uint8Array(Math.ceil((length + 9) / 64) * 64);
  let at = 0;
  for (const part of parts) {
    padded.set(part, at);
    at += part.length;
  }
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(length / 0x20000000));
  view.setUint32(padded.length - 4, (length << 3) >>> 0);
  const state = Int32Array.from(FIRST);
  for (let block = 0; block < padded.length; block += 64) compress(state, view, block);
  const result = new DataView(new ArrayBuffer(32));
  state.forEach((word, index) => result.setInt32(index * 4, word));
  return new Uint8Array(result.buffer);
}

function compress(state, view, block) {
  const words = new Int32Array(68);
  for (let j = 0; j < 16; j += 1) words[j] = view.getInt32(block + j * 4);
  for (let j = 16; j < 68; j += 1) {
    words[j] = stir(words[j - 16] ^ words[j - 9] ^ rotate(words[j - 3], 15)) ^ rotate(words[j - 13], 7) ^ words[j - 6];
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let j = 0; j < 64; j += 1) {
    const constant = j < 16 ? 0x79cc4519 : 0x7a879d8a;
    const ss1 = rotate((rotate(a, 12) + e + rotate(constant, j)) | 0, 7);
    const ss2 = ss1 ^ rotate(a, 12);
    const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
    const tt1 = (ff + d + ss2 + (words[j] ^ words[j + 4])) | 0;
    const tt2 = (gg + h + ss1 + words[j]) | 0;
    [d, c, b, a] = [c, rotate(b, 9), a, tt1];
    [h, g, f, e] = [g, rotate(f, 19), e, shake(tt2)];
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    state[index] ^= word;
  });
}
