/** What a policy belongs to, and how it is changed. */
import { functionNotFound, invalidParameterValue, resourceNotFound } from '../../model/errors.ts';
import { type FunctionKey, functionArn, functionKeyText } from '../../model/function.ts';
import type { NamedFunction } from '../../model/names.ts';
import { isVersionNumber, versionToShow } from '../../model/qualifier.ts';
import { checkPolicyRevision, type ResourcePolicy } from '../../model/resource-policy.ts';
import { ownedKey, put, type ResourceKey, remove } from '../../model/resources.ts';
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

/**
 * The policy after the change, durable; `next` gives the new document, or nothing for none. Whatever deletes a function,
 * a version or an alias takes turns with this, so no policy is left behind for the next of that name.
 */
export async function changePolicy(
  parts: LambdaParts,
  target: PolicyTarget,
  { revisionId, next }: { revisionId: string | undefined; next(document: string | undefined): string | undefined },
): Promise<ResourcePolicy | undefined> {
  const { resources, random, turns } = parts;
  return turns.take(functionKeyText(target.key), async () => {
    checkThere(parts, target);
    const before = targetPolicy(parts, target);
    checkPolicyRevision(before, revisionId, 'GetPolicy');
    const document = next(before?.document);
    const after = document === undefined ? undefined : { document, revisionId: random.uuid() };
    const key = policyKey(target);
    await resources.write([after === undefined ? remove('policy', key) : put('policy', key, after)]);
    return after;
  });
}

function checkThere(parts: LambdaParts, { key, qualifier }: PolicyTarget): void {
  existingFunction(parts.functions, key);
  if (versionToShow(parts, key, qualifier) !== undefined) return;
  const arn = functionArn(key, qualifier);
  throw isVersionNumber(qualifier ?? '') ? functionNotFound(arn) : resourceNotFound(`Cannot find alias arn: ${arn}`);
}
