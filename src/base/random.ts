import { randomBytes, randomUUID } from 'node:crypto';

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
  hex: (bytes) => randomBytes(bytes).toString('hex'),
};
