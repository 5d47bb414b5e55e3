import { accessDenied, invalidParameterValue } from '../../model/errors.ts';
import { type FunctionKey, functionArn } from '../../model/function.ts';
import type { LambdaParts } from '../parts.ts';

/** Throws unless the function may run as the role. That the caller may pass it on was asked before the operation began. */
export function checkRole({ roles }: Pick<LambdaParts, 'roles'>, role: string, key: FunctionKey): void {
  const why = roles.refusal(role, functionArn(key));
  if (why === 'another-account') throw accessDenied('Cross-account pass role is not allowed.');
  if (why === 'not-assumable') {
    throw invalidParameterValue('The role defined for the function cannot be assumed by Lambda.');
  }
}
