import type { Readable } from 'node:stream';
import type { FunctionVersion } from '../model/function.ts';

/** The engine's one face to the outside: API, asynchronous queue, event sources and URLs all come in here. */
export interface InvokeRequest {
  /** An immutable snapshot, resolved by the caller; the data plane asks the control plane nothing. */
  readonly version: FunctionVersion;
  /** As the caller named it, for `context.invokedFunctionArn`. */
  readonly invokedArn: string;
  readonly requestId: string;
  /** Passed through unread. At most 6 MiB and 100 bytes; the caller has checked. */
  readonly payload: Buffer;
  /** Decoded JSON text of X-Amz-Client-Context. */
  readonly clientContext?: string;
  /** JSON text `{"cognitoIdentityId","cognitoIdentityPoolId"}`. */
  readonly cognitoIdentity?: string;
  readonly traceHeader?: string;
  /** The header that the caller sent, empty when it sent none, where `traceHeader` was made for this request alone. */
  readonly callerTrace?: string;
  /** Neither the caller nor who made `traceHeader` has decided whether this is sampled. */
  readonly undecided?: boolean;
  /** Collect the last 4 KB of this invocation's log. */
  readonly logTail: boolean;
  /** Aborted when nobody waits for a place any more; an invocation that has started runs on, as on AWS. */
  readonly signal?: AbortSignal;
  /** Nobody waits for the answer: others may go first. */
  readonly background?: boolean;
  /** Billed beside the one: an asynchronous event that is large. */
  readonly extraRequests?: number;
}

export type InvokeResult =
  | { readonly kind: 'success'; readonly payload: Buffer; readonly logTail?: Buffer }
  /** The function failed; AWS still answers 200 with X-Amz-Function-Error: Unhandled. */
  | {
      readonly kind: 'function-error';
      readonly payload: Buffer;
      readonly logTail?: Buffer;
      /** AWS's name for what befell the runtime (`Sandbox.Timedout`, …); absent when its handler failed. */
      readonly platformError?: string;
    }
  | { readonly kind: 'throttled'; readonly reason: ThrottleReason }
  /** It came through this function too often; RecursiveInvocationException. */
  | { readonly kind: 'recursive' }
  /** This server cannot run it now (draining, no sandbox could be started); ServiceException. */
  | { readonly kind: 'unavailable'; readonly message: string };

export type ThrottleReason =
  | 'ConcurrentInvocationLimitExceeded'
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ReservedFunctionInvocationRateLimitExceeded';

export interface Door {
  invoke(request: InvokeRequest): Promise<InvokeResult>;
}

/** For callers who take the answer as it is written: InvokeWithResponseStream, function URLs. */
export interface StreamingDoor {
  /** Resolves when the answer begins, or when it is known that there will be none. */
  stream(request: InvokeRequest): Promise<StreamResult>;
}

export type StreamResult =
  | {
      readonly kind: 'streaming';
      /** As the function set it; of an HTTP integration the body begins with its JSON and eight NUL bytes. */
      readonly contentType: string;
      /**
       * Ends with what the function has written, whether it succeeded or not. A reader that is slow makes the function
       * wait; one that goes away (`destroy`) leaves the function to write for nobody, as on AWS.
       */
      readonly body: Readable;
      /** After the body: how it ended. The payload is an error's or empty. */
      readonly ended: Promise<InvokeResult>;
    }
  /** The function does not stream, failed before it began, or could not be run. */
  | InvokeResult;
