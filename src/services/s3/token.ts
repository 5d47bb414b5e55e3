/** Where a list goes on. Opaque to callers, refused when it is not ours. */
import { invalidArgument } from './errors.ts';

export function encodeToken(position: string): string {
  return Buffer.from(`1${position}`).toString('base64url');
}

export function decodeToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const text = Buffer.from(token, 'base64url').toString();
  if (text.startsWith('1') && encodeToken(text.slice(1)) === token) return text.slice(1);
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token');
}
