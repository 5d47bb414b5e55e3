/** X-Amzn-Trace-Id (reference: lambda-semantics 3.9): the caller's root is kept, and each invocation is its own parent. */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';

const given = /^(?=.{1,1024}$)(?:[\w-]+=[\w:|.?-]+)(?:;[\w-]+=[\w:|.?-]+)*$/;
const rootPattern = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;

export interface TraceParts {
  readonly clock: Clock;
  readonly random: Random;
}

/** `decide` is asked where the caller has not decided whether this is sampled. */
export function traceHeader(
  header: string | undefined,
  { clock, random }: TraceParts,
  decide: () => boolean = () => false,
): string {
  const chance = random.hex(20);
  const parent = chance.slice(24);
  const { Root, Sampled, Lineage } = header === undefined ? {} : fieldsOf(header);
  const root = Root !== undefined && rootPattern.test(Root) ? Root : newRoot(clock.now(), chance.slice(0, 24));
  const sampled = Sampled === '1' || (Sampled !== '0' && decide()) ? '1' : '0';
  return `Root=${root};Parent=${parent};Sampled=${sampled}${Lineage === undefined ? '' : `;Lineage=${Lineage}`}`;
}

function newRoot(now: number, chance: string): string {
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  return `1-${seconds}-${chance}`;
}

/** Nothing at all of a header that is not one. */
function fieldsOf(header: string): Partial<Record<'Root' | 'Sampled' | 'Lineage', string>> {
  if (!given.test(header)) return {};
  return Object.fromEntries(header.split(';').map((field) => field.split('=', 2)));
}
