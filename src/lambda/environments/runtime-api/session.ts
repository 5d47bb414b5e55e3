import type { ServerResponse } from 'node:http';
import type { Invocation, RuntimeLink, RuntimeListener } from '../link.ts';

/** Where a runtime stands; what it may ask for follows (reference: lambda-semantics 3.1). */
type Progress = 'Started' | 'InitError' | 'Ready' | 'Running' | 'InvocationResponse' | 'ResponseSent' | 'Closed';

export interface Refusal {
  readonly status: number;
  readonly errorType: string;
  readonly errorMessage: string;
}

const accepted = Buffer.from('{"status":"OK"}\n');

/** One environment's conversation over the Runtime API. */
export class RuntimeApiSession implements RuntimeLink {
  readonly #listener: RuntimeListener;
  readonly #ended: () => void;
  #progress: Progress = 'Started';
  /** The runtime's open call of `next`. */
  #waiting: ServerResponse | undefined;
  #pending: Invocation | undefined;
  #current: string | undefined;

  constructor(listener: RuntimeListener, ended: () => void) {
    this.#listener = listener;
    this.#ended = ended;
  }

  /** A runtime on this wire learns its function from its variables. */
  assign(): void {}

  invoke(invocation: Invocation): void {
    this.#pending = invocation;
    this.#deliver();
  }

  close(): void {
    this.#progress = 'Closed';
    this.#waiting?.destroy();
    this.#waiting = undefined;
    this.#ended();
  }

  /** `GET /runtime/invocation/next`: answered when there is an event. */
  next(response: ServerResponse): Refusal | undefined {
    const may = this.#progress === 'Started' || this.#progress === 'Ready' || this.#progress === 'ResponseSent';
    if (!may || this.#waiting !== undefined) return this.#refused('Ready');
    const first = this.#progress === 'Started';
    this.#progress = 'Ready';
    this.#current = undefined;
    this.#waiting = response;
    response.once('close', () => {
      if (this.#waiting === response) this.#waiting = undefined;
    });
    if (first) this.#listener({ type: 'ready' });
    this.#deliver();
    return undefined;
  }

  /** Whether the runtime may answer the invocation `id` now. */
  mayAnswer(id: string, to: 'InvocationResponse' | 'InvocationErrorResponse'): Refusal | undefined {
    if (this.#progress !== 'Running') return this.#refused(to);
    if (id === this.#current) return undefined;
    return { status: 400, errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' };
  }

  answered(payload: Buffer): void {
    this.#progress = 'ResponseSent';
    this.#listener({ type: 'response', payload });
  }

  /** From here on the response comes in pieces; nobody else may answer meanwhile. */
  streamBegun(contentType: string): void {
    this.#progress = 'InvocationResponse';
    this.#listener({ type: 'stream-start', contentType });
  }

  streamed(bytes: Buffer, taken: () => void): void {
    if (this.#progress === 'InvocationResponse') this.#listener({ type: 'stream-chunk', bytes, taken });
    else taken();
  }

  streamEnded(failure?: { readonly body: Buffer; readonly errorType: string }): void {
    if (this.#progress !== 'InvocationResponse') return;
    this.#progress = 'ResponseSent';
    this.#listener(failure === undefined ? { type: 'stream-end' } : { type: 'error', ...failure });
  }

  failed(body: Buffer, errorType: string): void {
    this.#progress = 'ResponseSent';
    this.#listener({ type: 'error', body, errorType });
  }

  tooLarge(bytes: number): void {
    this.#progress = 'ResponseSent';
    this.#listener({ type: 'response-too-large', bytes });
  }

  initFailed(body: Buffer, errorType: string): Refusal | undefined {
    if (this.#progress !== 'Started') return this.#refused('InitError');
    this.#progress = 'InitError';
    this.#listener({ type: 'init-error', body, errorType });
    return undefined;
  }

  #deliver(): void {
    const invocation = this.#pending;
    const response = this.#waiting;
    if (invocation === undefined || response === undefined) return;
    this.#pending = undefined;
    this.#waiting = undefined;
    this.#progress = 'Running';
    this.#current = invocation.requestId;
    response.writeHead(200, headersOf(invocation));
    response.end(invocation.payload);
  }

  #refused(to: string): Refusal {
    return {
      status: 403,
      errorType: 'InvalidStateTransition',
      errorMessage:
        `State transition from ${this.#progress} to ${to} failed for runtime. ` +
        'Error: State transition is not allowed',
    };
  }
}

/** Sent only where there is something to say; the length always, since simple clients know nothing else. */
function headersOf(invocation: Invocation): Record<string, string | number> {
  const optional = {
    'Lambda-Runtime-Trace-Id': invocation.traceHeader,
    'Lambda-Runtime-Client-Context': invocation.clientContext,
    'Lambda-Runtime-Cognito-Identity': invocation.cognitoIdentity,
  };
  const present = Object.entries(optional).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
    'Lambda-Runtime-Deadline-Ms': invocation.deadlineMs,
    'Lambda-Runtime-Invoked-Function-Arn': invocation.invokedArn,
    ...Object.fromEntries(present.map(([name, value]) => [name, headerText(value)])),
    'Content-Type': 'application/json',
    'Content-Length': invocation.payload.length,
  };
}

/** JSON as it may stand in a header: what is not ASCII is escaped. */
function headerText(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function send(response: ServerResponse, status: number, body: Buffer | Refusal = accepted): void {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(shown(body)));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
  response.end(bytes);
}

function shown({ errorType, errorMessage }: Refusal) {
  return { errorMessage, errorType };
}
