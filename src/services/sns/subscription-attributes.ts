/** A subscription's attributes: which may be set, and to what. */
import type { Subscription } from '../../store/sns/topics.ts';
import { invalidParameter } from './errors.ts';
import { compileFilter, type Filter, type FilterScope } from './filter.ts';
import { healthyRetry, parsed } from './retry.ts';

type AttributeMap = Readonly<Record<string, string>>;

const names = new Set([
  ...[
    'RawMessageDelivery',
    'FilterPolicy',
    'FilterPolicyScope',
    'RedrivePolicy',
    'DeliveryPolicy',
    'SubscriptionRoleArn',
  ],
]);

/** Throws AWS's error for what cannot be set. An empty value takes an attribute away. */
export function withSubscriptionAttributes(before: AttributeMap, given: AttributeMap, protocol: string): AttributeMap {
  const after: Record<string, string> = { ...before };
  for (const [name, value] of Object.entries(given)) {
    if (!names.has(name)) throw invalidParameter('AttributeName');
    check(name, value, protocol);
    if (value === '' || (name === 'FilterPolicy' && value === '{}')) delete after[name];
    else after[name] = value;
  }
  // The scope decides what a policy may be.
  if (after.FilterPolicy !== undefined) compileFilter(after.FilterPolicy, scopeOf(after));
  return after;
}

function check(name: string, value: string, protocol: string): void {
  if (value === '') return;
  switch (name) {
    case 'RawMessageDelivery':
      if (value !== 'true' && value !== 'false')
        throw invalidParameter(`Attributes Reason: ${name}: Invalid value [${value}]. Must be true or false.`);
      if (value === 'true' && protocol === 'lambda') {
        throw invalidParameter(
          `Attributes Reason: ${name}: Delivery protocol [lambda] does not support raw message delivery.`,
        );
      }
      return;
    case 'FilterPolicyScope':
      if (value !== 'MessageAttributes' && value !== 'MessageBody') {
        throw invalidParameter(
          `Attributes Reason: FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
        );
      }
      return;
    case 'RedrivePolicy':
      if (deadLetterArn(value) === undefined)
        throw invalidParameter('RedrivePolicy: deadLetterTargetArn is an invalid arn');
      return;
    case 'DeliveryPolicy':
      if (healthyRetry(value, ['healthyRetryPolicy']) === undefined)
        throw invalidParameter('DeliveryPolicy: failed to parse JSON.');
  }
}

export function isRaw({ attributes }: Subscription): boolean {
  return attributes.RawMessageDelivery === 'true';
}

export function deadLetterTargetOf({ attributes }: Subscription): string | undefined {
  return attributes.RedrivePolicy === undefined ? undefined : deadLetterArn(attributes.RedrivePolicy);
}

function deadLetterArn(policy: string): string | undefined {
  const value = parsed(policy);
  if (typeof value !== 'object' || value === null || !('deadLetterTargetArn' in value)) return undefined;
  const { deadLetterTargetArn: arn } = value;
  return typeof arn === 'string' && /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w.-]+$/.test(arn) ? arn : undefined;
}

/** Compiled once: a changed subscription is another object. */
const filters = new WeakMap<Subscription, Filter>();
const everything: Filter = () => true;

export function filterOf(subscription: Subscription): Filter {
  const { FilterPolicy: policy } = subscription.attributes;
  if (policy === undefined) return everything;
  let filter = filters.get(subscription);
  if (filter === undefined) {
    filter = compileFilter(policy, scopeOf(subscription.attributes));
    filters.set(subscription, filter);
  }
  return filter;
}

function scopeOf({ FilterPolicyScope: scope }: AttributeMap): FilterScope {
  return scope === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';
}
