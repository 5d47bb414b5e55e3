import type { UsageLedger } from '../lambda/invoke/meter.ts';
import { monthlyBills, type UsageRow } from '../lambda/model/usage.ts';
import type { Incoming } from './body.ts';
import { respond } from './respond.ts';
import type { Route } from './route.ts';

export interface UsageRouteParts {
  readonly usage: UsageLedger;
  /** Brings the ledger up to now. */
  settled(): Promise<unknown>;
  /** Whether anybody who can connect may read it; else only this machine. */
  readonly open: boolean;
}

/**
 * `GET /_lambent/usage?from=&to=` (days in UTC, as 2026-11-23, both optional and inclusive): the ledger by function,
 * version and day, and what AWS would have charged for each month of it: `{ rows: UsageRow[], months: MonthlyBill[] }`.
 */
export function usageRoute({ usage, settled, open }: UsageRouteParts): Route {
  return {
    prefix: '/_lambent/usage',
    async handle(request, response, url) {
      await settled();
      const allowed = open || fromThisMachine(request);
      const day = (name: string) => url.searchParams.get(name) ?? undefined;
      const content = allowed
        ? billed(usage.usage({ fromDay: day('from'), toDay: day('to') }))
        : { message: 'The ledger is shown to this machine only' };
      const [status, headers] = [allowed ? 200 : 403, ['content-type', 'application/json']];
      respond(response, { status, headers, body: JSON.stringify(content) }, []);
    },
  };
}

function billed(rows: UsageRow[]) {
  return { rows, months: monthlyBills(rows) };
}

/** Both ends: a function has a loopback of its own, and may call the door on it from any address there. */
function fromThisMachine({ socket }: Incoming): boolean {
  return [socket.remoteAddress, socket.localAddress].every((end) => /^(127\.|::1$|::ffff:127\.)/.test(end ?? ''));
}
