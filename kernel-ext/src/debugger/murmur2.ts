const m = 0x5bd1e995;

/**
 * MurmurHash2, 32 bit, of the text's UTF-8 bytes. JupyterLab names a cell's file by it, so it must agree to the bit.
 *
 * @returns an unsigned 32-bit integer
 * @see Austin Appleby: MurmurHash2, https://github.com/aappleby/smhasher
 */
export function murmur2(text: string, seed: number): number {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wordEnd = bytes.length & ~3;
  let h = seed ^ bytes.length;
  for (let at = 0; at < wordEnd; at += 4) {
    let k = Math.imul(view.getUint32(at, true), m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const rest = bytes.length - wordEnd;
  if (rest > 0) {
    for (let at = rest - 1; at >= 0; at--) h ^= view.getUint8(wordEnd + at) << (8 * at);
    h = Math.imul(h, m);
  }
  h ^= h >>> 13;
  h = Math.imul(h, m);
  h ^= h >>> 15;
  return h >>> 0;
}
