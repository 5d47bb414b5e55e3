import { callersUser, keysOf, userNamed } from '../entities.ts';
import { limitExceeded } from '../errors.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

const keysMax = 2;

/** Without a name: for whoever asks; the root of the account gets another key of the root. */
export function createAccessKey(parts: IamParts): IamOperation<'CreateAccessKey'> {
  return {
    handle({ UserName }, context) {
      const { accountId } = context;
      const user = UserName ?? callersUser(context);
      const name = user && userNamed(parts, context, user).name;
      if (keysOf(parts, context, name).length >= keysMax) {
        throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${keysMax}`);
      }
      const createdAt = parts.clock.now();
      const key = parts.keys.create({ accountId, createdAt, ...(name === undefined ? {} : { user: name }) });
      return {
        AccessKey: {
          UserName: name ?? 'root',
          AccessKeyId: key.accessKeyId,
          Status: 'Active',
          SecretAccessKey: key.secretAccessKey,
          CreateDate: new Date(createdAt),
        },
      };
    },
  };
}
