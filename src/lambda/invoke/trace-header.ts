/** X-Amzn-Trace-Id (reference: lambda-semantics 3.9): the caller's root is kept, and each invocation is its own parent. */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { InvokeRequest } from './door.ts';
import type { TraceSampler } from './trace-sampler.ts';

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

/**
 * With its header as the function gets it. What a door made has a parent of its own already; what comes from a queue or
 * another service has that of what caused it, and this invocation is the next in the chain.
 */
export function traced(request: InvokeRequest, parts: TraceParts & { readonly sampler: TraceSampler }): InvokeRequest {
  const { traceHeader: given, callerTrace, undecided, version } = request;
  const decide = () => parts.sampler.samples(version);
  if (given === undefined || callerTrace === undefined) {
    return { ...request, traceHeader: traceHeader(given, parts, decide), callerTrace: given ?? '' };
  }
  return undecided && decide() ? { ...request, traceHeader: given.replace('Sampled=0', 'Sampled=1') } : request;
}

/** Whether a caller's header leaves it to others what is sampled. */
export function isUndecided(callerTrace: string): boolean {
  return !callerTrace.includes('Sampled=0') && !callerTrace.includes('Sampled=1');
}

const ours = /^Root=1-([0-9a-f]{8})-([0-9a-f]{24});Parent=([0-9a-f]{16});Sampled=1/;
const parentField = /(?:^|;)Parent=([0-9a-f]{16})(?:;|$)/;

/** W3C's ids of an invocation that is sampled; undefined of others. */
export function spanIdsOf({ traceHeader: header = '', callerTrace = '' }: InvokeRequest) {
  const [, seconds, rest, spanId] = ours.exec(header) ?? [];
  if (seconds === undefined || rest === undefined || spanId === undefined) return undefined;
  const parentSpanId = parentField.exec(callerTrace)?.[1];
  return { traceId: seconds + rest, spanId, ...(parentSpanId === undefined ? {} : { parentSpanId }) };
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
