/** ARNs with wildcards: a wildcard stays within its part; only that of the last part may cross colons. */
import { type ConditionContext, matcher, type Reading, splitTemplate, template } from './template.ts';

export type ArnMatcher = (arn: string, context: ConditionContext) => boolean;

/** `arn:partition:service:region:account:resource`, and the resource may have colons of its own. */
const partCount = 6;

/** Fewer than six parts are completed with `*`, as IAM does. */
export function arnMatcher(pattern: string, { variables }: Pick<Reading, 'variables'>): ArnMatcher {
  if (pattern === '*') return () => true;
  const whole = template(pattern, { wildcards: true, variables });
  if (!pattern.startsWith('arn:')) return matcher(whole);
  const pieces = splitTemplate(whole, ':', partCount);
  const parts = pieces.map(matcher);
  return (arn, context) => {
    const given = arnParts(arn);
    return given !== undefined && parts.every((fits, index) => fits(given[index] ?? '', context));
  };
}

/** Nothing for a text that is no ARN, as `*`, which actions without resources have. */
export function arnParts(arn: string): readonly string[] | undefined {
  const parts: string[] = [];
  let from = 0;
  while (parts.length < partCount - 1) {
    const colon = arn.indexOf(':', from);
    if (colon < 0) return undefined;
    parts.push(arn.slice(from, colon));
    from = colon + 1;
  }
  parts.push(arn.slice(from));
  return parts[0] === 'arn' ? parts : undefined;
}

/** The account that an ARN names; empty for those without one, as of buckets. */
export function arnAccount(arn: string): string {
  return arnParts(arn)?.[4] ?? '';
}
