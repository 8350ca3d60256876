import type { Validity } from "../../event/index.ts";

/** A typed array that doubles when it is full. */
export interface Growable<Values, Added> {
  add(values: Added): void;
  finish(): Values;
}

type NumberArray = Float64Array | Int32Array | BigInt64Array | Uint8Array;

const initialLength = 2048;

export function growableNumbers<Values extends NumberArray>(
  create: (length: number) => Values,
): Growable<Values, ArrayLike<Values[number]>> {
  let values = create(initialLength);
  let length = 0;
  const set: (added: ArrayLike<Values[number]>, offset: number) => void = (added, offset) =>
    (values.set as (added: ArrayLike<Values[number]>, offset: number) => void).call(values, added, offset);
  return {
    add(added) {
      if (length + added.length > values.length) {
        const full = values.subarray(0, length) as Values;
        values = create(Math.max(values.length * 2, length + added.length));
        set(full, 0);
      }
      set(added, length);
      length += added.length;
    },
    finish: () => values.subarray(0, length) as Values,
  };
}

export function growableBytes(): Growable<Uint8Array, Uint8Array> {
  return growableNumbers((length) => new Uint8Array(length));
}

/** Validity bits, appended at any bit; `undefined` while every row has a value. */
export function growableBits(): { add(bits: Validity, count: number): void; finish(): Validity } {
  let bytes: Uint8Array | undefined;
  let length = 0;
  const grow = (count: number): Uint8Array => {
    const size = (length + count + 7) >> 3;
    if (bytes && bytes.length >= size) return bytes;
    const grown = new Uint8Array(Math.max(size, (bytes?.length ?? 0) * 2));
    if (bytes) grown.set(bytes);
    else for (let i = 0; i < length; i++) grown[i >> 3]! |= 1 << (i & 7);
    bytes = grown;
    return grown;
  };
  return {
    add(bits, count) {
      if (bits || bytes) {
        const target = grow(count);
        if (bits && (length & 7) === 0) {
          target.set(bits.subarray(0, (count + 7) >> 3), length >> 3);
          const extra = count & 7;
          if (extra) target[(length + count) >> 3]! &= (1 << extra) - 1;
        } else {
          for (let i = 0; i < count; i++) {
            if (!bits || (bits[i >> 3]! & (1 << (i & 7))) !== 0) target[(length + i) >> 3]! |= 1 << ((length + i) & 7);
          }
        }
      }
      length += count;
    },
    finish: () => bytes?.subarray(0, (length + 7) >> 3),
  };
}
