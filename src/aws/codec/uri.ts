import { serializationError } from './serialization.ts';

/** Decodes one part of a URI; a stray `%` is the client's mistake. */
export function decodePart(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw serializationError('Unable to decode the percent-encoding of the request');
  }
}

/** `a=b&c` as pairs, in order; `+` is a space. */
export function parseQuery(query: string): [string, string][] {
  if (query === '') return [];
  const pairs: [string, string][] = [];
  for (const part of query.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = equals === -1 ? part : part.slice(0, equals);
    pairs.push([decodeSpaced(name), equals === -1 ? '' : decodeSpaced(part.slice(equals + 1))]);
  }
  return pairs;
}

function decodeSpaced(text: string): string {
  return decodePart(text.includes('+') ? text.replaceAll('+', ' ') : text);
}
