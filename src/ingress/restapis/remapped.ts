/** Headers of what stands behind a method that API Gateway writes itself: theirs go by another name. */
import type { HttpAnswer } from '../http/answer.ts';

const own = new Set([
  'authorization',
  'connection',
  'content-length',
  'date',
  'host',
  'server',
  'user-agent',
  'www-authenticate',
]);

export function remapped(headers: HttpAnswer['headers']): HttpAnswer['headers'] {
  return headers.map(([name, value]) =>
    own.has(name.toLowerCase()) ? [`x-amzn-Remapped-${name}`, value] : [name, value],
  );
}
