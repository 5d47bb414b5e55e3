/** The services around Lambda, and what they have for functions. A new one is a line in each of the three functions. */
import { Outbox } from '../delivery/outbox.ts';
import { Targets } from '../delivery/targets.ts';
import { type AcceptEvent, acceptEvents, joinEvents, refusalOf } from '../lambda/invoke/accept.ts';
import type { AsyncPump } from '../lambda/invoke/async-pump.ts';
import { functionTarget } from '../lambda/invoke/function-target.ts';
import { mayInvoke, type ServiceInvocation } from '../lambda/invoke/permission.ts';
import type { ExecutionRoles } from '../lambda/model/execution-roles.ts';
import { UsageCounter } from '../services/apigateway/usage-counter.ts';
import { type Cloudwatch, createCloudwatch } from '../services/cloudwatch/service.ts';
import { createLogs, type Logs } from '../services/logs/service.ts';
import { LifecycleSweeper } from '../services/s3/lifecycle/sweep.ts';
import type { EventTargets } from '../services/s3/notifications/targets.ts';
import { putBytes } from '../services/s3/put-bytes.ts';
import { httpTarget } from '../services/sns/http-target.ts';
import { createSns, type Sns } from '../services/sns/sns.ts';
import { TopicTarget } from '../services/sns/topic-target.ts';
import { createSqs, type Sqs } from '../services/sqs/sqs.ts';
import { QueueTarget } from '../services/sqs/target.ts';
import { measured } from '../store/metrics/metric-store.ts';
import type { Base } from './base.ts';
import type { Engines } from './engines.ts';
import { alarmActions, bucketTargets, subscriptionDestinations } from './event-targets.ts';
import { executionRoles } from './execution-roles.ts';

export interface Services {
  readonly cloudwatch: Cloudwatch;
  readonly logs: Logs;
  readonly sns: Sns;
  readonly sqs: Sqs;
  /** Takes events of services for functions, which are told later. */
  readonly accept: AcceptEvent;
  /** What API keys have used. */
  readonly keyUsage: UsageCounter;
  /** Takes parcels for whatever has an ARN here. */
  readonly targets: Targets;
  readonly outbox: Outbox;
  /** Whom buckets can tell of their objects. */
  readonly bucketTargets: EventTargets;
  readonly lifecycle: LifecycleSweeper;
  readonly executionRoles: ExecutionRoles;
}

export function createServices(base: Base, { pump, destinations, roles }: Engines): Services {
  const { store, clock, random, log } = base;
  const { metrics, alarms, serverSecret } = store;
  const functions = functionEvents(base, pump);
  const sqs = createSqs({ ...store.sqs, serverSecret, clock, random, log });
  const sns = createSns({ store: store.topics, deliveries: store.deliveries, clock, random });
  const targets = new Targets();
  targets.register('lambda', functions.target);
  targets.register('sqs', new QueueTarget(sqs));
  targets.register('sns', new TopicTarget(sns));
  targets.register('http', httpTarget);
  const buckets = bucketTargets({ ...functions, targets, deliveries: store.deliveries, log });
  const rolesAtWork = executionRoles(base, roles, sqs);
  destinations.open({
    targets,
    putBytes: putBytes({ objects: store.objects, clock, random, targets: buckets }),
    roles: rolesAtWork,
  });
  return {
    cloudwatch: createCloudwatch({
      metrics,
      alarms,
      actions: alarmActions({ targets, deliveries: store.deliveries }),
      clock,
      log,
    }),
    logs: createLogs({
      logs: store.logs,
      destinations: subscriptionDestinations({ ...functions, random }),
      measure: (target, found) => metrics.put(target, found.map(measured)),
      clock,
      random,
      log,
    }),
    bucketTargets: buckets,
    lifecycle: new LifecycleSweeper({ objects: store.objects, targets: buckets, clock, random, log }),
    executionRoles: rolesAtWork,
    sns,
    sqs,
    accept: functions.accept,
    keyUsage: new UsageCounter({ rest: store.rest, clock, log }),
    targets,
    outbox: new Outbox({ store: store.deliveries, targets, clock, log }),
  };
}

export function beginServices({ cloudwatch, logs, sns, sqs, outbox, lifecycle }: Services): void {
  cloudwatch.start();
  logs.start();
  sns.start();
  sqs.start();
  outbox.start();
  lifecycle.start();
}

/** After the last invocation: what it logged and measured is kept. */
export async function endServices({ cloudwatch, logs, keyUsage, sns, lifecycle }: Services): Promise<void> {
  await cloudwatch.stop();
  await keyUsage.write();
  await logs.stop();
  sns.stop();
  await lifecycle.stop();
}

/** What services of this server have for functions goes the way of asynchronous invocations. */
function functionEvents({ store, clock, random }: Base, pump: AsyncPump) {
  const { functions, resources, async } = store;
  const parts = {
    sources: { functions, resources, random },
    async,
    mayInvoke: mayInvoke(resources, clock),
    clock,
    random,
    accepted: () => pump.look(),
  };
  return {
    accept: acceptEvents(parts),
    target: functionTarget(parts),
    join: joinEvents(parts),
    refusal: (invocation: ServiceInvocation) => refusalOf(parts, invocation),
  };
}
