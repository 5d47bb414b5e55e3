import { AwsError } from '../aws/errors.ts';
import type { Protocol } from '../aws/model.ts';
import type { Identified } from '../aws/route/identify.ts';
import type { Log } from '../observe/log.ts';

/** What is not the caller's fault is said in the log, with its stack; the caller learns where to look. */
export function toldError(log: Log, error: unknown, protocol: Protocol, requestId: string): AwsError {
  if (error instanceof AwsError) return error;
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error('A request failed inside the server', { requestId, why });
  const message = `The server failed at this request; its log says why under request id ${requestId}`;
  return new AwsError({ code: failureCode(protocol), message, status: 500 });
}

function failureCode(protocol: Protocol): string {
  if (protocol === 'restXml') return 'InternalError';
  return protocol === 'restJson1' ? 'ServiceException' : 'InternalFailure';
}

/** Operations that are known and not there; older services leave `Exception` out of their codes. */
export function notImplemented({ service, operation, protocol }: Identified, why: string): AwsError {
  const message = `The operation ${service}:${operation} is not implemented: ${why}`;
  const xml = protocol === 'restXml' || protocol === 'awsQuery';
  return new AwsError({ code: xml ? 'NotImplemented' : 'NotImplementedException', message, status: 501 });
}
