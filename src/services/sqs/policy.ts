/** The policy of a queue as AddPermission and RemovePermission write it. */
import type { AttributeMap } from './attributes.ts';
import { invalid } from './errors.ts';

type Json = Readonly<Record<string, unknown>>;

const permittable = new Set([
  ...['*', 'SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'GetQueueAttributes'],
  ...['GetQueueUrl', 'ListDeadLetterSourceQueues', 'PurgeQueue'],
]);

export function checkActions(actions: readonly string[]): void {
  const wrong = actions.find((action) => !permittable.has(action));
  if (wrong !== undefined) {
    throw invalid('ActionName', `SQS:${wrong}`, 'Only the queue owner is allowed to invoke this action.');
  }
}

/** The queue's, or an empty one. */
export function policyOf(text: string | undefined, arn: string): Json {
  if (text === undefined) return { Version: '2008-10-17', Id: `${arn}/SQSDefaultPolicy`, Statement: [] };
  return JSON.parse(text); // checked when it was set
}

export function statementsOf({ Statement }: Json): Json[] {
  return Array.isArray(Statement) ? Statement : Statement === undefined ? [] : [Statement as Json];
}

/** A policy without statements is none. */
export function withStatements(attributes: AttributeMap, policy: Json, statements: readonly Json[]): AttributeMap {
  const { Policy: _, ...others } = attributes;
  return statements.length === 0 ? others : { ...others, Policy: JSON.stringify({ ...policy, Statement: statements }) };
}
