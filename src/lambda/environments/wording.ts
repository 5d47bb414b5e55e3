import { exitText, timeoutText } from './log-lines.ts';
import type { Ending } from './outcome.ts';

/** What AWS calls each way of ending badly, for the log, the report and the caller (reference: lambda-semantics 2.2). */

export function errorTypeOf(ending: Ending): string {
  switch (ending.kind) {
    case 'error':
    case 'faulted':
      return ending.errorType;
    case 'timeout':
      return 'Sandbox.Timedout';
    case 'response-too-large':
      return 'Function.ResponseSizeTooLarge';
    case 'exit':
      return ending.outOfMemory ? 'Runtime.OutOfMemory' : 'Runtime.ExitError';
    case 'lost':
    case 'response':
      return 'Runtime.Unknown';
  }
}

/**
 * What a runtime calls an error of its own, as logs and telemetry repeat it: what does not look like a type of AWS's is not
 * (reference: lambda-semantics 2.2). The caller's body stays as it is.
 */
export function vettedType(type: string, otherwise: 'Function.Unknown' | 'Runtime.Unknown'): string {
  return /^(Runtime|Function)\.[A-Z][a-zA-Z]+$/.test(type) ? type : otherwise;
}

/** The body that the caller of a failed invocation receives. */
export function errorBody(ending: Ending, requestId: string, timeoutSeconds: number): Buffer {
  if (ending.kind === 'error') return ending.body;
  return Buffer.from(
    JSON.stringify({ errorType: errorTypeOf(ending), errorMessage: errorMessage(ending, requestId, timeoutSeconds) }),
  );
}

function errorMessage(ending: Ending, requestId: string, timeoutSeconds: number): string {
  switch (ending.kind) {
    case 'timeout':
      return `RequestId: ${requestId} Error: ${timeoutText(timeoutSeconds)}`;
    case 'faulted':
      return `RequestId: ${requestId} Error: ${ending.message}`;
    case 'exit':
      return `RequestId: ${requestId} Error: ${exitText(killed(ending))}`;
    case 'response-too-large':
      return `Response payload size exceeded maximum allowed payload size (${ending.bytesMax} bytes).`;
    default:
      return `RequestId: ${requestId} Error: The environment was lost`;
  }
}

/** Out of memory reads as the kernel's kill, whichever process of the environment it took first. */
function killed(ending: Extract<Ending, { kind: 'exit' }>) {
  return ending.outOfMemory ? { signal: 'SIGKILL' as const } : ending.reason;
}
