/** GetRolePolicy, GetUserPolicy. */
import { encodedDocument } from '../documents.ts';
import { type Held, held } from '../entities.ts';
import { noSuchEntity } from '../errors.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function getRolePolicy(parts: IamParts): IamOperation<'GetRolePolicy'> {
  return {
    handle({ RoleName, PolicyName = '' }, context) {
      const { holder } = held(parts, context, 'role', RoleName);
      const PolicyDocument = encodedDocument(inlineOf(holder, PolicyName, 'role'));
      return { RoleName: holder.name, PolicyName, PolicyDocument };
    },
  };
}

export function getUserPolicy(parts: IamParts): IamOperation<'GetUserPolicy'> {
  return {
    handle({ UserName, PolicyName = '' }, context) {
      const { holder } = held(parts, context, 'user', UserName);
      const PolicyDocument = encodedDocument(inlineOf(holder, PolicyName, 'user'));
      return { UserName: holder.name, PolicyName, PolicyDocument };
    },
  };
}

export function inlineOf({ inline }: Held['holder'], name: string, kind: Held['kind']): string {
  const document = Object.hasOwn(inline, name) ? inline[name] : undefined;
  if (document === undefined) throw noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);
  return document;
}
