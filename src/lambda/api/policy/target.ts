/** What a policy belongs to, and how it is changed: only while that is there, and only from the state that was read. */
import { functionNotFound, invalidParameterValue, resourceConflict, resourceNotFound } from '../../model/errors.ts';
import { type FunctionKey, functionArn } from '../../model/function.ts';
import type { NamedFunction } from '../../model/names.ts';
import { checkPolicyRevision, type ResourcePolicy } from '../../model/resource-policy.ts';
import { type Change, ownedKey, put, type ResourceKey, remove, versionName } from '../../model/resources.ts';
import { existingFunction } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';

/** A function, or with a qualifier one of its versions or aliases. */
export interface PolicyTarget {
  readonly key: FunctionKey;
  readonly qualifier: string | undefined;
}

export function policyTarget({ key, qualifier }: NamedFunction): PolicyTarget {
  if (qualifier?.startsWith('$LATEST')) {
    throw invalidParameterValue('We currently do not support adding policies for $LATEST.');
  }
  return { key, qualifier };
}

export function targetPolicy({ resources }: LambdaParts, target: PolicyTarget): ResourcePolicy | undefined {
  return resources.get('policy', policyKey(target));
}

export function policyKey({ key, qualifier = '' }: PolicyTarget): ResourceKey {
  return ownedKey(key, qualifier);
}

/** Every loser of a race reads again; somebody wins each time. */
const attemptsMax = 100;

/** The policy after the change, durable; `next` gives the new document, or nothing for none. */
export async function changePolicy(
  parts: LambdaParts,
  target: PolicyTarget,
  { revisionId, next }: { revisionId: string | undefined; next(document: string | undefined): string | undefined },
): Promise<ResourcePolicy | undefined> {
  const { functions, random } = parts;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const record = existingFunction(functions, target.key);
    const kept = stillThere(parts, target);
    const before = targetPolicy(parts, target);
    checkPolicyRevision(before, revisionId, 'GetPolicy');
    const document = next(before?.document);
    const after = document === undefined ? undefined : { document, revisionId: random.uuid() };
    // The record is written as it is: this makes the change undone when the function is deleted meanwhile.
    const done = await functions.replace(record, record.latest.revisionId, [...kept, written(target, before, after)]);
    if (done) return after;
  }
  throw resourceConflict(
    `Too many changes are made to the policy of ${functionArn(target.key, target.qualifier)} at once`,
  );
}

function written(target: PolicyTarget, before: ResourcePolicy | undefined, after: ResourcePolicy | undefined): Change {
  const key = policyKey(target);
  const when = before === undefined ? 'absent' : { revisionId: before.revisionId };
  if (after !== undefined) return put('policy', key, after, when);
  return remove('policy', key, when === 'absent' ? 'any' : when);
}

/** Refuses what is not there; the changes hold only while it is. */
function stillThere({ resources }: LambdaParts, { key, qualifier }: PolicyTarget): Change[] {
  if (qualifier === undefined) return [];
  if (/^\d+$/.test(qualifier)) {
    const place = ownedKey(key, versionName(qualifier));
    const version = resources.get('version', place);
    if (version === undefined) throw functionNotFound(functionArn(key, qualifier));
    return [put('version', place, version, 'present')];
  }
  const place = ownedKey(key, qualifier);
  const alias = resources.get('alias', place);
  if (alias === undefined) throw resourceNotFound(`Cannot find alias arn: ${functionArn(key, qualifier)}`);
  return [put('alias', place, alias, { revisionId: alias.revisionId })];
}
