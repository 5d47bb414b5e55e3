/** Where notifications go. Stated here; the composition wires what implements it, by the kind of destination. */
import type { Joined } from '../../../store/sqlite/unit.ts';

/** The bucket, as a destination's policy knows it. */
export interface EventSource {
  readonly bucketArn: string;
  readonly accountId: string;
}

export interface OutgoingEvent {
  readonly source: EventSource;
  /** JSON. */
  readonly payload: Buffer;
  /** Of the request that caused it, so that a circle is noticed. */
  readonly traceHeader?: string | undefined;
}

export interface EventTarget {
  /** Why the bucket cannot notify this destination; undefined when it can. */
  refusal(arn: string, source: EventSource): string | undefined;
  /** Kept in the commit of the object, delivered after it. */
  joined(arn: string, event: OutgoingEvent): Joined;
}

/** By the service in the destination's ARN: `lambda`, `sqs`, `sns`. */
export type EventTargets = Readonly<Record<string, EventTarget>>;

export function targetOf(targets: EventTargets, arn: string): EventTarget | undefined {
  const service = arn.split(':')[2] ?? '';
  return Object.hasOwn(targets, service) ? targets[service] : undefined;
}
