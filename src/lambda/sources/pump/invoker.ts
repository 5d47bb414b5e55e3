/** A batch becomes an event, and what comes of the event is said in the pump's terms. */
import type { Random } from '../../../base/random.ts';
import type { Door, InvokeResult } from '../../invoke/door.ts';
import type { FunctionVersion } from '../../model/function.ts';
import { syncPayloadBytesMax, timeoutSecondsDefault } from '../../model/limits.ts';
import { type Mapping, mappedFunctionArn } from '../../model/mapping/mapping.ts';
import type { Envelope, SourceRecord } from '../source.ts';
import { reportedFailures } from './batch-response.ts';

/** For whoever is told how it ended. */
export interface Invocation {
  readonly requestId: string;
  readonly executedVersion: string;
  /** Absent when the function answered, and named what it did not take. */
  readonly functionError?: 'Unhandled';
}

export type BatchOutcome =
  /** The function took the batch, but for these records. */
  | {
      readonly kind: 'taken';
      readonly failed: ReadonlySet<string>;
      readonly invocation: Invocation;
      /** What the function said. */
      readonly answer: Buffer;
    }
  /** It took none. */
  | { readonly kind: 'failed'; readonly why: string; readonly invocation: Invocation }
  /** It was not asked: there was no place for it, or it is not ready. The same batch may be tried again. */
  | { readonly kind: 'later'; readonly why: string };

export interface InvokerParts {
  readonly door: Door;
  readonly random: Random;
  /** The snapshot that the mapping's function stands for now; undefined when there is none. */
  resolve(mapping: Mapping): FunctionVersion | undefined;
}

export class Invoker {
  readonly #parts: InvokerParts;
  readonly #mapping: Mapping;
  readonly #envelope: Envelope;
  readonly #reports: boolean;

  constructor(parts: InvokerParts, mapping: Mapping, envelope: Envelope) {
    this.#parts = parts;
    this.#mapping = mapping;
    this.#envelope = envelope;
    this.#reports = mapping.configuration.FunctionResponseTypes?.includes('ReportBatchItemFailures') === true;
  }

  /** What all the records of an event may have together. */
  get recordBytesMax(): number {
    const { before, after } = this.#envelope;
    return syncPayloadBytesMax - Buffer.byteLength(before) - Buffer.byteLength(after);
  }

  /** How long the function may take. */
  timeoutMs(): number {
    const version = this.#parts.resolve(this.#mapping);
    return (version?.configuration.timeoutSeconds ?? timeoutSecondsDefault) * 1000;
  }

  /** Why nothing should be taken from the source now: what is taken could not be given to anybody. */
  hindrance(): string | undefined {
    const version = this.#parts.resolve(this.#mapping);
    if (version === undefined) return `Function not found: ${mappedFunctionArn(this.#mapping)}`;
    if (version.state.value !== 'Active') return `The function is ${version.state.value}`;
    return undefined;
  }

  /** `members`: what the event has besides its records, as JSON text. `signal`: nobody waits for a place any more. */
  async invoke(
    records: readonly SourceRecord[],
    { members, signal }: { readonly members?: string; readonly signal?: AbortSignal } = {},
  ): Promise<BatchOutcome> {
    const version = this.#parts.resolve(this.#mapping);
    if (version === undefined || version.state.value !== 'Active') return { kind: 'later', why: 'Function not ready' };
    const { before, after: end } = this.#envelope;
    const after = members === undefined ? end : `${end.slice(0, -1)},${members}}`;
    const invocation = { requestId: this.#parts.random.uuid(), executedVersion: version.version };
    const payload = Buffer.from(before + records.map(({ json }) => json).join(',') + after);
    if (payload.length > syncPayloadBytesMax) return { kind: 'failed', why: 'The event is too large', invocation };
    const result = await this.#parts.door.invoke({
      version,
      invokedArn: mappedFunctionArn(this.#mapping),
      requestId: invocation.requestId,
      payload,
      traceHeader: records.find(({ traceHeader }) => traceHeader !== undefined)?.traceHeader,
      logTail: false,
      background: true,
      signal,
    });
    return this.#outcome(result, records, invocation);
  }

  #outcome(result: InvokeResult, records: readonly SourceRecord[], invocation: Invocation): BatchOutcome {
    switch (result.kind) {
      case 'success':
        if (!this.#reports) return { kind: 'taken', failed: none, invocation, answer: result.payload };
        return reported(result.payload, records, invocation);
      case 'function-error':
        return { kind: 'failed', why: failedCall, invocation: { ...invocation, functionError: 'Unhandled' } };
      case 'recursive':
        return { kind: 'failed', why: 'Recursive invocation detected', invocation };
      case 'throttled':
        return { kind: 'later', why: 'Function call throttled' };
      case 'unavailable':
        return { kind: 'later', why: result.message };
    }
  }
}

const none: ReadonlySet<string> = new Set();

const failedCall = 'Function call failed';

function reported(payload: Buffer, records: readonly SourceRecord[], invocation: Invocation): BatchOutcome {
  const failed = reportedFailures(payload, new Set(records.map(({ id }) => id)));
  if (failed === 'all') return { kind: 'failed', why: failedCall, invocation };
  return { kind: 'taken', failed: failed === 'none' ? none : failed, invocation, answer: payload };
}
