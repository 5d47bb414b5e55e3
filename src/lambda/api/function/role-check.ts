import { accessDenied, invalidParameterValue } from '../../model/errors.ts';
import { checkTelling } from '../../model/execution-roles.ts';
import { type FunctionConfiguration, type FunctionKey, functionArn } from '../../model/function.ts';
import type { LambdaParts } from '../parts.ts';

/**
 * Throws unless the function may run as its role, and that may send what the function could not take. That the caller may
 * pass the role on was asked before the operation began.
 */
export function checkRole(
  { roles }: Pick<LambdaParts, 'roles'>,
  { role, stored }: FunctionConfiguration,
  key: FunctionKey,
): void {
  const why = roles.refusal(role, functionArn(key));
  if (why === 'another-account') throw accessDenied('Cross-account pass role is not allowed.');
  if (why === 'not-assumable') {
    throw invalidParameterValue('The role defined for the function cannot be assumed by Lambda.');
  }
  const deadLetters = stored.DeadLetterConfig?.TargetArn;
  if (deadLetters) checkTelling(roles, { accountId: key.accountId, roleArn: role }, deadLetters);
}
