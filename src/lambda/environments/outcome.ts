import type { InitPhase } from '../lifecycle/environment.ts';
import type { ExitReason } from './sandbox/sandbox.ts';

/** How an invocation ended, as the environment saw it; `invoke/` words it for the caller, the log and the bill. */
export interface Outcome {
  readonly ending: Ending;
  /** From the event's delivery (or the start of a suppressed init) to the answer, milliseconds with fractions. */
  readonly durationMs: number;
  /** Peak of the environment so far. */
  readonly memoryPeakBytes: number;
  /** Until the answer began, and until the runtime had given it; with extensions, the whole takes longer. */
  readonly latencyMs: number;
  readonly answeredMs: number;
  /** The answer had begun to flow: what went wrong then, its reader hears behind it. */
  readonly streaming: boolean;
  /** Of the answer, what went to a caller who takes a stream. */
  readonly streamedBytes: number;
  /** Extensions are still at work: the caller has its answer, and how it all ended comes later. */
  readonly rest?: Promise<Outcome>;
}

export type Ending =
  | { readonly kind: 'response'; readonly payload: Buffer }
  /** The handler threw, or init failed inside the invocation. */
  | { readonly kind: 'error'; readonly body: Buffer; readonly errorType: string }
  | { readonly kind: 'response-too-large'; readonly bytesMax: number }
  | { readonly kind: 'timeout' }
  | Exited
  /** What the function or its layers brought cannot run; the message is shown behind `RequestId: … Error: `. */
  | Faulted
  /** The server could not start or keep the environment. */
  | { readonly kind: 'lost'; readonly why: string };

export interface Faulted {
  readonly kind: 'faulted';
  readonly errorType: string;
  readonly message: string;
}

export interface Exited {
  readonly kind: 'exit';
  readonly reason: ExitReason;
  readonly outOfMemory: boolean;
}

/** How an init ended that did not succeed. */
export interface InitFailure {
  readonly phase: InitPhase;
  readonly initMs: number;
  readonly ending: Ending;
}
