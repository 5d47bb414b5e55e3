/**
 * The life of an extension inside an environment, as data (reference: lambda-semantics 3.2, 3.3).
 *
 *              register              next              invoke
 *   launched ───────────► registered ────► ready ◄───────────► running
 *                                                    next
 *   An external one begins as `launched`, an internal one with its registration. Whatever it is, it ends when it says
 *   that it failed, or when its process does.
 */
export type ExtensionState = 'launched' | 'registered' | 'ready' | 'running' | 'failed' | 'gone';

export type ExtensionEvent =
  | 'register'
  /** It asks for its next event: it has done its part in what was going on. */
  | 'next'
  /** It is handed an INVOKE event. */
  | 'invoke'
  | 'init-error'
  | 'exit-error'
  | 'exited';

type Steps = Readonly<Partial<Record<ExtensionEvent, ExtensionState>>>;

const steps: Readonly<Record<ExtensionState, Steps>> = {
  launched: { register: 'registered', exited: 'gone' },
  registered: { next: 'ready', 'init-error': 'failed', 'exit-error': 'failed', exited: 'gone' },
  // Asked again where the connection of the first question broke.
  ready: { next: 'ready', invoke: 'running', 'exit-error': 'failed', exited: 'gone' },
  running: { next: 'ready', 'exit-error': 'failed', exited: 'gone' },
  failed: { exited: 'gone' },
  gone: {},
};

export function advanceExtension(from: ExtensionState, event: ExtensionEvent): ExtensionState | 'refused' {
  return steps[from][event] ?? 'refused';
}
