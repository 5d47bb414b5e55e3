import type { Random } from './random.ts';

/** Lower-case letters and digits, up to eighteen of them. */
export function shortId(random: Random, length: number): string {
  return BigInt(`0x${random.hex(12)}`)
    .toString(36)
    .padStart(length, '0')
    .slice(-length);
}
