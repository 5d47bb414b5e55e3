/** DetachRolePolicy, DetachUserPolicy. */
import { type Held, held } from '../entities.ts';
import { noSuchEntity } from '../errors.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function detachRolePolicy(parts: IamParts): IamOperation<'DetachRolePolicy'> {
  return { handle: ({ RoleName, PolicyArn }, context) => detach(held(parts, context, 'role', RoleName), PolicyArn) };
}

export function detachUserPolicy(parts: IamParts): IamOperation<'DetachUserPolicy'> {
  return { handle: ({ UserName, PolicyArn }, context) => detach(held(parts, context, 'user', UserName), PolicyArn) };
}

function detach({ holder, put }: Held, arn = ''): Record<string, never> {
  if (!holder.attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
  put({ attached: holder.attached.filter((each) => each !== arn) });
  return {};
}
