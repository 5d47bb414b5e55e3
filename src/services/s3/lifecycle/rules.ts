/** Lifecycle rules: what S3 accepts, what a rule speaks of, and when something is due (User Guide, "Lifecycle"). */
import type { LifecycleRule, LifecycleRuleFilter } from '@aws-sdk/client-s3';
import type { Tag } from '../../../store/objects/records.ts';
import { invalidArgument, invalidRequest, malformedXml } from '../errors.ts';

const rulesMax = 1000;
const dayMs = 86_400_000;

export function checkLifecycle(rules: readonly LifecycleRule[]): LifecycleRule[] {
  if (rules.length === 0 || rules.length > rulesMax) throw malformedXml();
  const named = rules.map((rule, place) => ({ ...rule, ID: rule.ID || `rule-${place + 1}` }));
  for (const rule of named) checkRule(rule);
  if (new Set(named.map(({ ID }) => ID)).size < named.length) {
    throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule', 'ID');
  }
  return named;
}

function checkRule(rule: LifecycleRule): void {
  const { ID = '', Status, Expiration, AbortIncompleteMultipartUpload: abort } = rule;
  if (ID.length > 255) throw invalidArgument('ID length should not exceed allowed limit of 255', 'ID', ID);
  if (Status !== 'Enabled' && Status !== 'Disabled') throw malformedXml();
  const { NoncurrentVersionExpiration: old, Transitions = [], NoncurrentVersionTransitions: oldMoves = [] } = rule;
  if (!Expiration && !abort && !old && Transitions.length === 0 && oldMoves.length === 0) {
    throw invalidRequest('At least one action needs to be specified in a rule');
  }
  if (Expiration !== undefined) checkExpiration(Expiration);
  positive('AbortIncompleteMultipartUpload', abort?.DaysAfterInitiation);
  positive('NoncurrentVersionExpiration', old?.NoncurrentDays);
  const { tags } = scopeOf(rule);
  if (abort !== undefined && tags.length > 0) {
    throw invalidRequest('AbortIncompleteMultipartUpload cannot be specified with Tags.');
  }
}

function checkExpiration({
  Days,
  Date: date,
  ExpiredObjectDeleteMarker: marker,
}: NonNullable<LifecycleRule['Expiration']>) {
  if ([Days, date, marker].filter((one) => one !== undefined).length !== 1) throw malformedXml();
  positive('Expiration', Days);
  if (date !== undefined && date.getTime() % dayMs !== 0) {
    throw invalidArgument("'Date' must be at midnight GMT", 'Date', date.toISOString());
  }
}

function positive(action: string, days: number | undefined): void {
  if (days === undefined || (Number.isInteger(days) && days > 0)) return;
  throw invalidArgument(`'Days' for ${action} action must be a positive integer`, 'Days', String(days));
}

export interface Scope {
  readonly prefix: string;
  readonly tags: readonly Tag[];
  readonly largerThan: number;
  readonly smallerThan: number;
}

/** What a rule speaks of: everything, where it has neither a filter nor the older prefix. */
export function scopeOf({ Filter, Prefix }: LifecycleRule): Scope {
  const { And, Tag, ...own }: LifecycleRuleFilter = Filter ?? {};
  const both = { ...own, ...And };
  return {
    prefix: both.Prefix ?? Prefix ?? '',
    tags: [...(And?.Tags ?? []), ...(Tag === undefined ? [] : [Tag])].map(({ Key = '', Value = '' }) => ({
      Key,
      Value,
    })),
    largerThan: both.ObjectSizeGreaterThan ?? -1,
    smallerThan: both.ObjectSizeLessThan ?? Number.POSITIVE_INFINITY,
  };
}

export interface Subject {
  readonly key: string;
  readonly size: number;
  readonly details: { readonly tags: readonly Tag[] };
}

export function speaksOf({ prefix, tags, largerThan, smallerThan }: Scope, { key, size, details }: Subject): boolean {
  return (
    key.startsWith(prefix) &&
    size > largerThan &&
    size < smallerThan &&
    tags.every((tag) => details.tags.some(({ Key, Value }) => Key === tag.Key && Value === tag.Value))
  );
}

/** So many days after, and then at the next midnight of UTC. */
export function dueAfter(since: number, days: number): number {
  return Math.ceil((since + days * dayMs) / dayMs) * dayMs;
}

/** When the latest version expires by this rule. */
export function expiresAt({ Status, Expiration }: LifecycleRule, modified: number): number | undefined {
  if (Status !== 'Enabled' || Expiration === undefined) return undefined;
  if (Expiration.Days !== undefined) return dueAfter(modified, Expiration.Days);
  return Expiration.Date?.getTime();
}

/** `x-amz-expiration`: the first rule by which an object goes, and when. */
export function expirationOf(rules: readonly LifecycleRule[], subject: Subject & { readonly modified: number }) {
  let first: { readonly at: number; readonly id: string } | undefined;
  for (const rule of rules) {
    const at = expiresAt(rule, subject.modified);
    if (at === undefined || (first !== undefined && first.at <= at) || !speaksOf(scopeOf(rule), subject)) continue;
    first = { at, id: rule.ID ?? '' };
  }
  if (first === undefined) return undefined;
  return `expiry-date="${new Date(first.at).toUTCString()}", rule-id="${encodeURIComponent(first.id)}"`;
}
