import { entityId } from '../../../iam/ids.ts';
import type { User } from '../../../iam/records.ts';
import { checkPolicy, createEntity } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import { shownUser } from '../shown.ts';
import { withTags } from '../tags.ts';
import type { IamOperation } from './types.ts';

export function createUser(parts: IamParts): IamOperation<'CreateUser'> {
  return {
    handle({ UserName: name = '', Path: path = '/', PermissionsBoundary: boundary, Tags }, context) {
      if (boundary !== undefined) checkPolicy(parts, context, boundary);
      const user: User = {
        name,
        path,
        id: entityId('user', parts.random),
        createdAt: parts.clock.now(),
        tags: withTags({}, Tags),
        inline: {},
        attached: [],
        boundary,
      };
      createEntity(parts, context, 'user', user);
      return { User: shownUser(context.accountId, user) };
    },
  };
}
