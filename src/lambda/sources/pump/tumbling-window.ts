/**
 * What a tumbling window is, without the lane that it runs in (reference: lambda-semantics 5.3): records belong to it by the
 * time of their arrival, its function hands a state from batch to batch, and is told of its end with the last one.
 */
import type { OpenWindow } from '../../model/mapping/checkpoint.ts';
import type { StreamRecord } from '../stream.ts';

/** A state that is larger ends its window early. */
export const stateBytesMax = 1024 * 1024;
/** What else an event says of its window. */
export const windowBytesMax = 4096;

/** Records that may be with the function together, since they are of one window. */
export interface WindowRun {
  readonly startMs: number;
  readonly records: StreamRecord[];
}

/** In their order; what arrived a little before the record that it follows stays with that. `fromMs`: the window that is open. */
export function windowRuns(records: readonly StreamRecord[], lengthMs: number, fromMs = 0): WindowRun[] {
  const runs: WindowRun[] = [];
  let latest = fromMs;
  for (const record of records) {
    latest = Math.max(latest, record.arrivedAt - (record.arrivedAt % lengthMs));
    const last = runs.at(-1);
    if (last?.startMs === latest) last.records.push(record);
    else runs.push({ startMs: latest, records: [record] });
  }
  return runs;
}

export function freshWindow(startMs: number, lengthMs: number): OpenWindow {
  return { startMs, endMs: startMs + lengthMs, state: '{}' };
}

export function isTooLarge({ state }: OpenWindow): boolean {
  return Buffer.byteLength(state) > stateBytesMax;
}

export interface Told {
  readonly window: OpenWindow;
  readonly shardId: string;
  readonly sourceArn: string;
  readonly end: 'none' | 'over' | 'early';
}

/** The members of an event that has a window, as JSON text. */
export function windowMembers({ window, shardId, sourceArn, end }: Told): string {
  const span = { start: second(window.startMs), end: second(window.endMs) };
  return (
    `"window":${JSON.stringify(span)},"state":${window.state},"shardId":${JSON.stringify(shardId)},` +
    `"eventSourceARN":${JSON.stringify(sourceArn)},"isFinalInvokeForWindow":${end !== 'none'},` +
    `"isWindowTerminatedEarly":${end === 'early'}`
  );
}

/** What the function hands on, as JSON text. Undefined for an answer without a state, which AWS takes for a failure. */
export function answeredState(answer: Buffer): string | undefined {
  const said = parsed(answer);
  if (typeof said !== 'object' || said === null || !Object.hasOwn(said, 'state')) return undefined;
  const state: unknown = Reflect.get(said, 'state');
  // A map that was never filled is null in some languages.
  if (state === null) return '{}';
  return typeof state === 'object' && !Array.isArray(state) ? JSON.stringify(state) : undefined;
}

function parsed(answer: Buffer): unknown {
  try {
    return JSON.parse(answer.toString());
  } catch {
    return undefined;
  }
}

/** Windows begin and end on whole seconds. */
function second(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
