/** Keys are in the order of their UTF-8 bytes, which is that of code points; JavaScript's own order differs beyond U+FFFF. */

/** Before this come all keys that start with `prefix`, and no other that comes after them. Undefined: nothing does. */
export function afterPrefix(prefix: string): string | undefined {
  const points = [...prefix];
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0) ?? 0;
    // Surrogates stand for no character of their own.
    const next = point === 0xd7ff ? 0xe000 : point + 1;
    if (next <= 0x10ffff) return points.join('') + String.fromCodePoint(next);
  }
  return undefined;
}
