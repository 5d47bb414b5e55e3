import { entityId } from '../../../iam/ids.ts';
import type { Role } from '../../../iam/records.ts';
import { checkedTrust } from '../documents.ts';
import { checkPolicy, createEntity } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import { shownRole } from '../shown.ts';
import { withTags } from '../tags.ts';
import type { IamOperation } from './types.ts';

export function createRole(parts: IamParts): IamOperation<'CreateRole'> {
  return {
    handle(input, context) {
      const { RoleName: name = '', Path: path = '/', PermissionsBoundary: boundary } = input;
      if (boundary !== undefined) checkPolicy(parts, context, boundary);
      const role: Role = {
        name,
        path,
        id: entityId('role', parts.random),
        createdAt: parts.clock.now(),
        trust: checkedTrust(input.AssumeRolePolicyDocument, name),
        description: input.Description,
        sessionSecondsMax: input.MaxSessionDuration ?? 3600,
        tags: withTags({}, input.Tags),
        inline: {},
        attached: [],
        boundary,
      };
      createEntity(parts, context, 'role', role);
      return { Role: shownRole(context.accountId, role) };
    },
  };
}
