/**
 * The life of an execution environment, as data: (state, event) → next state and what to do about it.
 *
 *                 start(init)                 ready              answered
 *      ┌────────┐ ─────────► ┌──────────────┐ ─────► ┌──────┐ ◄────────── ┌──────┐
 *   ──►│  cold  │            │ initialising │        │ idle │             │ busy │
 *      └────────┘ ◄───────── └──────────────┘        └──────┘ ──────────► └──────┘
 *          ▲   failed, overdue, exited                 │  ▲    invoke        │
 *          │                             freeze, thaw  └──┘                  │
 *          └───────────────────── reset: overdue, exited, violated ──────────┘
 *
 * With extensions, `busy` becomes `lingering` when the runtime has answered, until all have asked for their next event.
 *
 * A cold environment has no process. It keeps its log stream over a reset; the next event starts a new process *inside*
 * the invocation ("suppressed init", reference: lambda-semantics 2.6), under the function's own timeout.
 */

export type EnvironmentState =
  | { readonly name: 'cold'; readonly suppressed: boolean }
  | { readonly name: 'initialising'; readonly phase: InitPhase }
  | { readonly name: 'idle'; readonly frozen: boolean }
  | { readonly name: 'busy' }
  /** The caller has its answer, extensions are not done with the event. */
  | { readonly name: 'lingering' }
  | { readonly name: 'gone' };

export type InitPhase = 'init' | 'invoke';

export type EnvironmentEvent =
  /** Somebody needs this environment; the phase follows from `suppressed`. */
  | 'start'
  /** The runtime has loaded the function. */
  | 'ready'
  /** The runtime says that init failed. */
  | 'init-failed'
  | 'invoke'
  /** The runtime gave a response or an error and can serve the next event. */
  | 'answered'
  /** The same, while extensions are still at work on the event. */
  | 'answered-early'
  | 'extensions-done'
  /** The runtime gave an error and is about to exit. */
  | 'answered-last'
  /** The init limit or the function's timeout is over. */
  | 'overdue'
  /** Every process is gone, or the runtime closed its channel. */
  | 'exited'
  /** The runtime said something its state does not allow. */
  | 'violated'
  /** Idle for a little while. */
  | 'rested'
  /** Reclaimed, evicted, of an old version, or the server stops. */
  | 'retire';

export type Effect =
  | 'start-runtime'
  | 'dispatch'
  | 'offer'
  | 'answer'
  | 'settle-answer'
  | 'settle-failure'
  | 'report-init-failure'
  | 'discard-runtime'
  | 'freeze'
  | 'thaw'
  | 'forget';

export interface Step {
  readonly next: EnvironmentState;
  readonly effects: readonly Effect[];
}

const cold: EnvironmentState = { name: 'cold', suppressed: false };
const coldAgain: EnvironmentState = { name: 'cold', suppressed: true };
const initialising: Record<InitPhase, EnvironmentState> = {
  init: { name: 'initialising', phase: 'init' },
  invoke: { name: 'initialising', phase: 'invoke' },
};
const idle: EnvironmentState = { name: 'idle', frozen: false };
const frozen: EnvironmentState = { name: 'idle', frozen: true };
const busy: EnvironmentState = { name: 'busy' };
const lingering: EnvironmentState = { name: 'lingering' };
const gone: EnvironmentState = { name: 'gone' };

/** The state of an environment that was just made. */
export const fresh = cold;

/** An event that a state does not expect is refused, never quietly ignored. */
export function advance(from: EnvironmentState, event: EnvironmentEvent): Step | 'refused' {
  switch (from.name) {
    case 'cold':
      return from.suppressed ? (coldAgainSteps[event] ?? 'refused') : (coldSteps[event] ?? 'refused');
    case 'initialising':
      return (from.phase === 'init' ? initSteps[event] : invokeInitSteps[event]) ?? 'refused';
    case 'idle':
      return (from.frozen ? frozenSteps[event] : idleSteps[event]) ?? 'refused';
    case 'busy':
      return busySteps[event] ?? 'refused';
    case 'lingering':
      return lingeringSteps[event] ?? 'refused';
    case 'gone':
      return 'refused';
  }
}

type Steps = Readonly<Partial<Record<EnvironmentEvent, Step>>>;

function step(next: EnvironmentState, ...effects: Effect[]): Step {
  return { next, effects };
}

const coldSteps: Steps = {
  start: step(initialising.init, 'start-runtime'),
  retire: step(gone, 'forget'),
};

const coldAgainSteps: Steps = {
  start: step(initialising.invoke, 'start-runtime'),
  retire: step(gone, 'forget'),
};

const initFailed = step(coldAgain, 'report-init-failure', 'discard-runtime', 'offer');
const initSteps: Steps = {
  ready: step(idle, 'offer'),
  'init-failed': initFailed,
  overdue: initFailed,
  exited: initFailed,
  violated: initFailed,
  retire: step(gone, 'discard-runtime', 'forget'),
};

const invokeInitFailed = step(coldAgain, 'report-init-failure', 'discard-runtime', 'settle-failure');
const invokeInitSteps: Steps = {
  ready: step(busy, 'dispatch'),
  'init-failed': invokeInitFailed,
  overdue: invokeInitFailed,
  exited: invokeInitFailed,
  violated: invokeInitFailed,
  retire: step(gone, 'discard-runtime', 'settle-failure', 'forget'),
};

// A runtime that ends between invocations costs nobody anything: the next event starts another.
const endedIdle = step(coldAgain, 'discard-runtime');
const idleSteps: Steps = {
  invoke: step(busy, 'dispatch'),
  rested: step(frozen, 'freeze'),
  exited: endedIdle,
  violated: endedIdle,
  retire: step(gone, 'discard-runtime', 'forget'),
};

const frozenSteps: Steps = {
  invoke: step(busy, 'thaw', 'dispatch'),
  exited: endedIdle,
  violated: endedIdle,
  retire: step(gone, 'discard-runtime', 'forget'),
};

const reset = step(coldAgain, 'discard-runtime', 'settle-failure');
const busySteps: Steps = {
  answered: step(idle, 'settle-answer'),
  'answered-early': step(lingering, 'answer'),
  'answered-last': step(coldAgain, 'discard-runtime', 'settle-answer'),
  overdue: reset,
  exited: reset,
  violated: reset,
  retire: step(gone, 'discard-runtime', 'settle-failure', 'forget'),
};

// The timeout of the function is that of its extensions too.
const lingeringSteps: Steps = {
  'extensions-done': step(idle, 'settle-answer'),
  overdue: reset,
  exited: reset,
  violated: reset,
  retire: step(gone, 'discard-runtime', 'settle-answer', 'forget'),
};
