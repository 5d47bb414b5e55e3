import type { IncomingMessage } from 'node:http';
import type { UsageLedger } from '../lambda/invoke/meter.ts';
import type { Route } from './route.ts';

export interface UsageRouteParts {
  readonly usage: UsageLedger;
  /** Brings the ledger up to now. */
  settled(): Promise<unknown>;
  /** Whether anybody who can connect may read it; else only this machine. */
  readonly open: boolean;
}

/** `GET /_lambent/usage?from=&to=`: the ledger by function, version and day. The shape is told in cli/usage.ts. */
export function usageRoute({ usage, settled, open }: UsageRouteParts): Route {
  return {
    prefix: '/_lambent/usage',
    async handle(request, response, url) {
      await settled();
      const allowed = open || fromThisMachine(request);
      const day = (name: string) => url.searchParams.get(name) ?? undefined;
      const content = allowed
        ? { rows: usage.usage({ fromDay: day('from'), toDay: day('to') }) }
        : { message: 'The ledger is shown to this machine only' };
      const body = Buffer.from(JSON.stringify(content));
      response.writeHead(allowed ? 200 : 403, { 'Content-Type': 'application/json', 'Content-Length': body.length });
      response.end(body);
    },
  };
}

function fromThisMachine({ socket }: IncomingMessage): boolean {
  return /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '');
}
