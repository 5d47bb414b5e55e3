import type { AwsError } from '../../../aws/errors.ts';
import { requestEntityTooLarge } from '../../model/errors.ts';

/** A package of 50 MB in base64, and the rest of the request: AWS's own odd number [R]. */
const requestBytesMax = 70_167_211;

/** The limit of an operation that takes a package in its body, in AWS's words. */
export function packageRequest(operation: string): { requestBytesMax: number; tooLarge(): AwsError } {
  const message = `Request must be smaller than ${requestBytesMax} bytes for the ${operation} operation`;
  return { requestBytesMax, tooLarge: () => requestEntityTooLarge(message) };
}
