/**
 * How often a chain of invocations came through each function: `Lineage=<hash>:<n>|<hash>:<n>` in the trace header, which
 * SDKs inside of functions and the services between them pass on (reference: lambda-semantics 3.9 and 4.5).
 */
import { createHash } from 'node:crypto';
import { type FunctionVersion, functionArn } from '../model/function.ts';

/** A header that grows without end helps nobody: the functions that a chain came through last. */
const entriesMax = 32;
const field = /(?:^|;)Lineage=([^;]*)/;

export interface Passage {
  /** As the function gets it. */
  readonly header: string | undefined;
  /** How often this function was in the chain before. */
  readonly before: number;
}

/** One more passage through this version's function. Who has no header is in no chain. */
export function passThrough(header: string | undefined, version: FunctionVersion): Passage {
  if (header === undefined) return { header, before: 0 };
  const hash = hashOf(version);
  const lineage = header.includes('Lineage=') ? field.exec(header)?.[1] : undefined;
  if (lineage === undefined) return { header: `${header};Lineage=${hash}:0`, before: 0 };
  const entries = lineage.split('|').filter((entry) => /^\w+:\d{1,9}$/.test(entry));
  const mine = entries.find((entry) => entry.startsWith(`${hash}:`));
  const before = mine === undefined ? 0 : Number(mine.slice(hash.length + 1)) + 1;
  const others = entries.filter((entry) => entry !== mine).slice(1 - entriesMax);
  const rest = header.replace(field, '');
  return { header: `${rest};Lineage=${[...others, `${hash}:${before}`].join('|')}`, before };
}

/** Snapshots do not change, and a busy function is asked for its hash often. */
const hashes = new WeakMap<FunctionVersion, string>();

function hashOf(version: FunctionVersion): string {
  const known = hashes.get(version);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(functionArn(version)).digest('hex').slice(0, 8);
  hashes.set(version, hash);
  return hash;
}
