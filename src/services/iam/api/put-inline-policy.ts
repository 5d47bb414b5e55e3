/** PutRolePolicy, PutUserPolicy: a policy that belongs to one role or user, in place of one of that name. */
import { checkedInline } from '../documents.ts';
import { type HolderKind, held } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function putRolePolicy(parts: IamParts): IamOperation<'PutRolePolicy'> {
  return {
    handle: ({ RoleName, ...policy }, context) => put(parts, context, { kind: 'role', name: RoleName, policy }),
  };
}

export function putUserPolicy(parts: IamParts): IamOperation<'PutUserPolicy'> {
  return {
    handle: ({ UserName, ...policy }, context) => put(parts, context, { kind: 'user', name: UserName, policy }),
  };
}

interface Given {
  readonly kind: HolderKind;
  readonly name: string | undefined;
  readonly policy: { readonly PolicyName: string | undefined; readonly PolicyDocument: string | undefined };
}

function put(
  parts: IamParts,
  context: Parameters<typeof held>[1],
  { kind, name, policy }: Given,
): Record<string, never> {
  const { PolicyName = '', PolicyDocument } = policy;
  const { holder, put: write } = held(parts, context, kind, name);
  const { [PolicyName]: _, ...others } = holder.inline;
  const document = checkedInline(kind, holder.name, PolicyDocument, Object.values(others));
  write({ inline: { ...others, [PolicyName]: document } });
  return {};
}
