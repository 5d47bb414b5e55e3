import { randomBytes, randomFillSync, randomUUID } from 'node:crypto';

/** Chance comes in by the front door, so that a simulation can replay a bad night from its seed. */
export interface Random {
  /** A number in [0, 1). */
  fraction(): number;
  /** A version 4 UUID. */
  uuid(): string;
  /** `bytes` random bytes as lower-case hexadecimal. */
  hex(bytes: number): string;
}

export const systemRandom: Random = {
  fraction: () => Math.random(),
  uuid: () => randomUUID(),
  hex: (bytes) => (bytes > drawnAhead.length ? randomBytes(bytes) : drawn(bytes)).toString('hex'),
};

// A call to the generator costs 2 µs however little it gives; an invocation's trace id is worth a tenth of that.
const drawnAhead = Buffer.alloc(4096);
let used = drawnAhead.length;

/** A copy of bytes that are then forgotten here, so that they cannot be read twice. */
function drawn(bytes: number): Buffer {
  if (used + bytes > drawnAhead.length) {
    randomFillSync(drawnAhead);
    used = 0;
  }
  const copy = Buffer.from(drawnAhead.subarray(used, used + bytes));
  drawnAhead.fill(0, used, used + bytes);
  used += bytes;
  return copy;
}
