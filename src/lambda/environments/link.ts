/**
 * What the server and a runtime say to each other, whichever wire carries it: frames on a socket (`channel/`) for our
 * own bootstraps, the Runtime API over HTTP (`runtime-api/`) for everything else.
 */
export interface RuntimeLink {
  /** Tells a generic runtime which function it is. Framed wire only; on HTTP it comes with the start. */
  assign(assignment: Assignment): void;
  /** One at a time. */
  invoke(invocation: Invocation): void;
  close(): void;
}

export interface Assignment {
  readonly handler: string;
  readonly taskRoot: string;
  /** Where layers are. */
  readonly optRoot: string;
  /** Added to the runtime's own variables before any of the function's code is loaded. */
  readonly environment: Readonly<Record<string, string>>;
  /** It is not to be given events, but to be copied. */
  readonly snapshot?: boolean;
}

export interface Invocation {
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly deadlineMs: number;
  readonly invokedArn: string;
  readonly traceHeader?: string;
  readonly clientContext?: string;
  readonly cognitoIdentity?: string;
  readonly payload: Buffer;
}

/** What a runtime reports. Hostile until shown otherwise: a link refuses what its state does not expect (`violation`). */
export type RuntimeEvent =
  /** Started and waiting for `assign` (framed), nothing of the function loaded. */
  | { readonly type: 'hello' }
  /** The function is loaded; waits for its first or next event. */
  | { readonly type: 'ready' }
  /** Init failed; `body` is the JSON error as the caller will see it. */
  | { readonly type: 'init-error'; readonly body: Buffer; readonly errorType: string }
  | { readonly type: 'response'; readonly payload: Buffer }
  /** `fatal`: the runtime exits after this (an uncaught exception), and takes no further event. */
  | { readonly type: 'error'; readonly body: Buffer; readonly errorType: string; readonly fatal?: boolean }
  | { readonly type: 'response-too-large'; readonly bytes: number }
  /** The response comes in pieces, until `stream-end` or an error. */
  | { readonly type: 'stream-start'; readonly contentType: string }
  /** The runtime sends little more until `taken` is called, once for each piece. */
  | { readonly type: 'stream-chunk'; readonly bytes: Buffer; readonly taken: () => void }
  | { readonly type: 'stream-end' }
  /** One log event written by the runtime (console.log, logging): may contain newlines. */
  | { readonly type: 'log'; readonly timestamp: number; readonly message: string }
  | { readonly type: 'violation'; readonly why: string }
  | { readonly type: 'closed' };

export type RuntimeListener = (event: RuntimeEvent) => void;
