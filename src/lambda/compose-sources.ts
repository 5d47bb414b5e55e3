import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Log } from '../observe/log.ts';
import type { MappingParts } from './api/parts.ts';
import type { AsyncStore } from './invoke/async-store.ts';
import type { Door } from './invoke/door.ts';
import type { MetricSink } from './invoke/metrics.ts';
import { type ExecutionRoles, noPermission, tellingOf } from './model/execution-roles.ts';
import type { FunctionStore } from './model/function-store.ts';
import { type Mapping, mappedFunction, mappingArn } from './model/mapping/mapping.ts';
import { versionToRun } from './model/qualifier.ts';
import type { ResourceStore } from './model/resources.ts';
import { MappingReconciler } from './reconcile/mapping-reconciler.ts';
import { EventSources } from './sources/event-sources.ts';
import type { Message } from './sources/pump/given-up.ts';
import type { SqsCalls } from './sources/sqs/calls.ts';
import { sqsSource } from './sources/sqs/source.ts';

export interface SourcePlaneParts {
  readonly functions: FunctionStore;
  readonly resources: ResourceStore;
  readonly door: Door;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: MetricSink;
  /** Where it waits what destinations are told, and who is to look there. */
  readonly async: Pick<AsyncStore, 'add'>;
  asyncAccepted(): void;
  /** Whether a function's role may tell a destination. */
  readonly roles: Pick<ExecutionRoles, 'mayTell'>;
  /** Who answers for queues. */
  readonly sqs: SqsCalls;
}

/** What reads event sources, and what makes it do what mappings say. */
export interface SourcePlane {
  /** For the operations. */
  readonly mappings: MappingParts;
  /** Takes up what is kept, once functions can be invoked. */
  begin(): void;
  /** Takes no more records; resolves when what was taken is settled. */
  stop(): Promise<void>;
}

export function createSourcePlane(parts: SourcePlaneParts): SourcePlane {
  const { functions, resources, random, clock, sqs } = parts;
  const resolve = (mapping: Mapping) => {
    const { key, qualifier } = mappedFunction(mapping);
    return versionToRun({ functions, resources, random }, key, qualifier);
  };
  const roleOf = (mapping: Mapping) => resolve(mapping)?.configuration.role ?? '';
  const kinds = { sqs: sqsSource({ calls: sqs, clock, roleOf }) };
  const sources = new EventSources({ ...parts, resolve, kinds, tell: teller(parts, roleOf) });
  const reconciler = new MappingReconciler({ ...parts, readers: sources });
  return {
    mappings: {
      kick: (mapping) => reconciler.kick(mapping),
      lastResult: (uuid) => sources.lastResult(uuid),
      check: (mapping, timeoutSeconds) => sources.check(mapping, timeoutSeconds),
    },
    begin: () => reconciler.begin(),
    async stop() {
      await Promise.all([reconciler.close(), sources.stopAll()]);
    },
  };
}

/** As destinations of asynchronous invocations are told. */
function teller(
  { async, asyncAccepted, random, clock, roles, log }: SourcePlaneParts,
  roleOf: (mapping: Mapping) => string,
) {
  return async (mapping: Mapping, { delivery, payload }: Message) => {
    const { accountId, region, functionName } = mapping;
    const telling = tellingOf(delivery.arn, delivery.to === 'bucket' ? delivery.key : undefined);
    if (!roles.mayTell({ accountId, roleArn: roleOf(mapping) }, telling)) {
      const why = noPermission(telling.call, telling.service);
      log.warn('Cannot tell a destination of records', {
        mapping: mappingArn(mapping),
        destination: delivery.arn,
        why,
      });
      return;
    }
    const now = clock.now();
    const event = { id: random.uuid(), accountId, region, functionName, payload, delivery };
    await async.add({ ...event, acceptedAt: now, attempts: 0, nextAttemptAt: now });
    asyncAccepted();
  };
}
