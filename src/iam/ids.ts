import type { Random } from '../base/random.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** AWS's identifiers are base 32: capital letters and the digits 2 to 7. */
export function base32Letters(count: number, random: Pick<Random, 'hex'>): string {
  return Array.from(Buffer.from(random.hex(count), 'hex'), (byte) => alphabet.charAt(byte & 31)).join('');
}

const prefixes = { role: 'AROA', user: 'AIDA', policy: 'ANPA' } as const;

/** Of what is kept; never of two. */
export function entityId(kind: keyof typeof prefixes, random: Random): string {
  return `${prefixes[kind]}${base32Letters(17, random)}`;
}
