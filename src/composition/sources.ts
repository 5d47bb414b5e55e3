/** Event sources: what reads them, and what is read. */
import { createSourcePlane, type SourcePlane } from '../lambda/compose-sources.ts';
import { queuesByAccount } from '../lambda/sources/sqs/by-account.ts';
import type { SqsCalls } from '../lambda/sources/sqs/calls.ts';
import { httpQueues } from '../lambda/sources/sqs/http-calls.ts';
import { createSqsTable } from '../services/sqs/api/table.ts';
import type { Base } from './base.ts';
import type { Engines } from './engines.ts';
import { ownQueues } from './own-queues.ts';
import type { Services } from './services.ts';

export function createSources(
  base: Base,
  { door, pump }: Engines,
  { sqs, cloudwatch, executionRoles: roles }: Services,
): SourcePlane {
  const { store, clock, random, log } = base;
  const { functions, resources } = store;
  const own = ownQueues({ table: createSqsTable(sqs), roles, random });
  const queues = queuesByAccount(own, queuesElsewhere(base));
  const telling = { roles, async: store.async, asyncAccepted: () => pump.look(), metrics: cloudwatch.lambda };
  return createSourcePlane({ functions, resources, door, clock, random, log, sqs: queues, ...telling });
}

/** With the credentials that AWS's own programs take; that they are there, the settings have made sure. */
function queuesElsewhere({ settings, clock }: Base): ReadonlyMap<string, SqsCalls> {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
  const credentials = {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN || undefined,
  };
  const pairs = [...settings.queueEndpoints].map(([accountId, endpoint]): [string, SqsCalls] => [
    accountId,
    httpQueues({ endpoint, credentials, clock }),
  ]);
  return new Map(pairs);
}
