import { callersUser, userNamed } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import { shownUser } from '../shown.ts';
import type { IamOperation } from './types.ts';

/** Without a name: whoever asks. */
export function getUser(parts: IamParts): IamOperation<'GetUser'> {
  return {
    handle({ UserName }, context) {
      const { accountId, principal } = context;
      const name = UserName ?? callersUser(context);
      if (name !== undefined) return { User: shownUser(accountId, userNamed(parts, context, name)) };
      // AWS tells when the account was opened; here nobody opened it.
      const root = { Path: '/', UserName: 'root', UserId: accountId, Arn: principal.arn, CreateDate: new Date(0) };
      return { User: root };
    },
  };
}
