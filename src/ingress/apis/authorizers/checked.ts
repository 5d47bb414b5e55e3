import type { HttpAnswer } from '../../http/answer.ts';
import type { Authorised } from '../../http/event-v2.ts';

export type Checked = { readonly kind: 'allowed'; readonly authorised?: Authorised | undefined } | Refused;

export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  readonly message: string;
  readonly headers?: HttpAnswer['headers'];
  /** For the access log. */
  readonly why: string;
}

export function unauthorized(why: string, headers: HttpAnswer['headers'] = []): Refused {
  return { kind: 'refused', status: 401, message: 'Unauthorized', headers, why };
}

export function forbidden(why: string): Refused {
  return { kind: 'refused', status: 403, message: 'Forbidden', why };
}

export function broken(why: string): Refused {
  return { kind: 'refused', status: 500, message: 'Internal Server Error', why };
}
