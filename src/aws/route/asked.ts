/** Which operation a request would be, asked by those who decide whether it may come in at all. */
import { type Headers, readSignature } from '../sigv4/signature.ts';
import { identify } from './identify.ts';

export interface SentRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** `s3:GetObject`; undefined where that cannot be told before the body. As the front itself finds it, or this would be a way round. */
export function askedOperation({ method, url, headers }: SentRequest): string | undefined {
  const mark = url.indexOf('?');
  const [path, query] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  const flat = { host: headers[':authority'], ...headers, 'set-cookie': undefined } as Headers; // the only list
  try {
    const signature = readSignature(flat, query);
    const scope = typeof signature === 'object' ? signature.scope : undefined;
    const found = identify({ method, path, query, headers: flat, scope });
    return 'operation' in found ? `${found.service}:${found.operation}` : undefined;
  } catch {
    return undefined;
  }
}
