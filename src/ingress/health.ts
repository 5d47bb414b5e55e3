import { respond } from './respond.ts';
import type { Route } from './route.ts';

/** `GET /_lambent/health`: that it answers is the message; the rest is for people. */
export function healthRoute(details: () => Readonly<Record<string, string | number>>): Route {
  return {
    prefix: '/_lambent/health',
    handle(_request, response) {
      const body = JSON.stringify({ status: 'ok', ...details() });
      respond(response, { status: 200, headers: ['content-type', 'application/json'], body }, []);
    },
  };
}
