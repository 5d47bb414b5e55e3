/** Binary media types: which bodies are bytes, and are carried in base64 where a text is wanted. */
import { type HttpCall, headerOf } from '../http/http-call.ts';

/** `image/png; q=1` without what follows, in lower case. */
export function plainType(type: string | undefined): string {
  return (type ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

export function isBinaryType(binaryMediaTypes: readonly string[] | undefined, type: string | undefined): boolean {
  const asked = plainType(type);
  return (binaryMediaTypes ?? []).some((each) => {
    const known = each.toLowerCase();
    if (known === '*/*' || known === '*') return true;
    return known.endsWith('/*') ? asked.startsWith(known.slice(0, -1)) : known === asked;
  });
}

/** A client takes bytes when the first type that it accepts is a binary one. */
export function acceptsBinary(binaryMediaTypes: readonly string[] | undefined, call: HttpCall): boolean {
  const [first] = (headerOf(call, 'accept') ?? '').split(',');
  return isBinaryType(binaryMediaTypes, first);
}
