/** What every request of a command about one function has in common. */
import { encoded } from '../aws/sigv4/sign.ts';

export function functionPath(name: string): string {
  return `/2015-03-31/functions/${encoded(name)}`;
}

export function jsonBody(input: object) {
  return {
    service: 'lambda',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(input)),
  } as const;
}
