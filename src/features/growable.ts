/** The same numbers with room for at least `length` of them; doubles, so that growing costs O(1) a number. */
export function withRoom<T extends Float64Array | Int32Array | Uint8Array>(array: T, length: number, fill = 0): T {
  if (length <= array.length) return array;
  const grown = new (array.constructor as new (length: number) => T)(Math.max(length, array.length * 2, 16));
  grown.set(array);
  if (fill !== 0) grown.fill(fill, array.length);
  return grown;
}
