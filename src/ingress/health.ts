import type { Route } from './route.ts';

/** `GET /_lambent/health`: that it answers is the message; the rest is for people. */
export function healthRoute(details: () => Readonly<Record<string, string | number>>): Route {
  return {
    prefix: '/_lambent/health',
    handle(_request, response) {
      const body = Buffer.from(JSON.stringify({ status: 'ok', ...details() }));
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
      response.end(body);
    },
  };
}
