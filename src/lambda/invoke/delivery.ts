/**
 * What is told to somebody outside of Lambda. It waits in the queue of asynchronous events, put there in one commit with
 * the end of the event that it tells of, until it is delivered: at least once.
 */

import type { Runner, Telling } from '../model/execution-roles.ts';

export type Delivery =
  /** The payload is the message. */
  | { readonly to: 'queue' | 'topic'; readonly arn: string; readonly attributes?: Readonly<Record<string, Attribute>> }
  /** The payload is the detail of an event from `lambda`. */
  | { readonly to: 'event-bus'; readonly arn: string; readonly detailType: string; readonly resources: string[] }
  /** The payload is the object. */
  | { readonly to: 'bucket'; readonly arn: string; readonly key: string };

export interface Attribute {
  readonly type: 'String' | 'Number';
  readonly value: string;
}

export interface DeliveryContent {
  readonly payload: Buffer;
  readonly traceHeader?: string;
  /** In whose name. */
  readonly accountId: string;
}

/** The services that can be told something; what a service does not know is refused in its own words. */
export interface Targets {
  /** Whether this server has a way to what the ARN names. */
  reaches(arn: string): boolean;
  /** Whether the role of a function may tell it anything. */
  mayTell(runner: Runner, telling: Telling): boolean;
  /** Resolves once it is on the disk there, or with the reason why it never will be; rejects when it cannot be now. */
  deliver(delivery: Delivery, content: DeliveryContent): Promise<'delivered' | { readonly refused: string }>;
}
