/** Event sources: what reads them, and what is read. */
import { createSourcePlane, type SourcePlane } from '../lambda/compose-sources.ts';
import { createSqsTable } from '../services/sqs/api/table.ts';
import { sqsRules } from '../services/sqs/rules.ts';
import type { Base } from './base.ts';
import type { Engines } from './engines.ts';
import { ownQueues } from './own-queues.ts';
import type { Services } from './services.ts';

export function createSources({ store, clock, random, log }: Base, { door }: Engines, { sqs }: Services): SourcePlane {
  const { functions, resources } = store;
  const queues = ownQueues({ table: createSqsTable(sqs), rules: sqsRules(sqs.queues), clock, random });
  return createSourcePlane({ functions, resources, door, clock, random, log, sqs: queues });
}
