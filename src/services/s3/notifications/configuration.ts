/** A bucket's notification configuration: what S3 accepts, and the rules that two of them may not share. */
import type { FilterRule, NotificationConfiguration } from '@aws-sdk/client-s3';
import { invalidArgument, malformedXml } from '../errors.ts';

/** One of any kind. */
export interface NotificationRule {
  readonly id: string;
  readonly arn: string;
  readonly kind: 'function' | 'queue' | 'topic';
  /** `s3:ObjectCreated:*` */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

const rulesMax = 100;
const arns = {
  function: /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w$.-]+(:[\w$.-]+)?$/,
  queue: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/,
  topic: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/,
};

/** Every configuration with an id: AWS makes one up for those without. */
export function withIds(given: NotificationConfiguration, newId: () => string): NotificationConfiguration {
  const named = <T extends { Id?: string | undefined }>(list: readonly T[] | undefined) =>
    list?.map((one) => ({ ...one, Id: one.Id || newId() }));
  return {
    LambdaFunctionConfigurations: named(given.LambdaFunctionConfigurations),
    QueueConfigurations: named(given.QueueConfigurations),
    TopicConfigurations: named(given.TopicConfigurations),
    EventBridgeConfiguration: given.EventBridgeConfiguration,
  };
}

/** Shows the same as rules; nothing is checked. */
export function rulesIn(configuration: NotificationConfiguration | undefined): NotificationRule[] {
  const { LambdaFunctionConfigurations = [], QueueConfigurations = [], TopicConfigurations = [] } = configuration ?? {};
  return [
    ...LambdaFunctionConfigurations.map((one) => rule('function', one.LambdaFunctionArn, one)),
    ...QueueConfigurations.map((one) => rule('queue', one.QueueArn, one)),
    ...TopicConfigurations.map((one) => rule('topic', one.TopicArn, one)),
  ];
}

interface GivenRule {
  readonly Id?: string | undefined;
  readonly Events: readonly string[] | undefined;
  readonly Filter?:
    | { readonly Key?: { readonly FilterRules?: readonly FilterRule[] | undefined } | undefined }
    | undefined;
}

function rule(
  kind: NotificationRule['kind'],
  arn: string | undefined,
  { Id, Events, Filter }: GivenRule,
): NotificationRule {
  const filters = Filter?.Key?.FilterRules ?? [];
  const value = (name: string) => filters.find(({ Name }) => Name?.toLowerCase() === name)?.Value ?? '';
  return { id: Id ?? '', arn: arn ?? '', kind, events: Events ?? [], prefix: value('prefix'), suffix: value('suffix') };
}

export function checkNotifications(configuration: NotificationConfiguration, bucketRegion: string): NotificationRule[] {
  checkFilters(configuration);
  const rules = rulesIn(configuration);
  if (rules.length > rulesMax) {
    throw invalidArgument(`The number of notification configurations exceeds the limit of ${rulesMax}`);
  }
  for (const each of rules) checkRule(each, bucketRegion);
  if (new Set(rules.map(({ id }) => id)).size < rules.length) {
    throw invalidArgument('Same ID used for multiple configurations. IDs must be unique');
  }
  for (const [place, one] of rules.entries()) {
    if (rules.slice(0, place).some((other) => overlap(one, other))) throw ambiguous();
  }
  return rules;
}

function checkRule({ arn, kind, events, id }: NotificationRule, bucketRegion: string): void {
  if (events.length === 0 || id.length > 255) throw malformedXml();
  if (!arns[kind].test(arn)) throw invalidArgument('The ARN could not be parsed', 'arn', arn);
  if (arn.endsWith('.fifo'))
    throw invalidArgument('FIFO destinations are not supported for event notifications', 'arn', arn);
  if (arn.split(':')[3] !== bucketRegion) {
    const message = 'The notification destination service region is not valid for the bucket location constraint';
    throw invalidArgument(message, 'arn', arn);
  }
}

function checkFilters(configuration: NotificationConfiguration): void {
  const { LambdaFunctionConfigurations = [], QueueConfigurations = [], TopicConfigurations = [] } = configuration;
  for (const { Filter } of [...LambdaFunctionConfigurations, ...QueueConfigurations, ...TopicConfigurations]) {
    const names = (Filter?.Key?.FilterRules ?? []).map(({ Name = '' }) => Name.toLowerCase());
    if (names.some((name) => name !== 'prefix' && name !== 'suffix')) {
      throw invalidArgument('filter rule name must be either prefix or suffix', 'FilterRule.Name');
    }
    for (const name of ['prefix', 'suffix']) {
      if (names.filter((one) => one === name).length > 1) {
        throw invalidArgument(`Cannot specify more than one ${name} rule in a filter.`, 'FilterRule.Name', name);
      }
    }
  }
}

/** Two may not claim the same event: AWS would not know whom to tell. */
function overlap(one: NotificationRule, other: NotificationRule): boolean {
  const prefixes = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
  const suffixes = one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix);
  return prefixes && suffixes && one.events.some((event) => other.events.some((another) => sameEvent(event, another)));
}

function sameEvent(one: string, other: string): boolean {
  return covers(one, other) || covers(other, one);
}

/** `s3:ObjectCreated:*` covers `s3:ObjectCreated:Put`. */
export function covers(pattern: string, event: string): boolean {
  return pattern === event || (pattern.endsWith('*') && event.startsWith(pattern.slice(0, -1)));
}

function ambiguous(): Error {
  return invalidArgument(
    'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping ' +
      'for the same event type.',
  );
}
