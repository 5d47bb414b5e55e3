import { entityId } from '../../../iam/ids.ts';
import type { ManagedPolicy } from '../../../iam/records.ts';
import { checkedManaged } from '../documents.ts';
import { createEntity } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import { listedPolicy } from '../shown.ts';
import { shownTags, withTags } from '../tags.ts';
import { usesIn } from '../uses.ts';
import type { IamOperation } from './types.ts';

export function createPolicy(parts: IamParts): IamOperation<'CreatePolicy'> {
  return {
    handle({ PolicyName: name = '', Path: path = '/', PolicyDocument, Description: description, Tags }, context) {
      const createdAt = parts.clock.now();
      const policy: ManagedPolicy = {
        name,
        path,
        id: entityId('policy', parts.random),
        createdAt,
        updatedAt: createdAt,
        description,
        tags: withTags({}, Tags),
        versions: [{ number: 1, document: checkedManaged(PolicyDocument), createdAt }],
        defaultVersion: 1,
        lastVersion: 1,
      };
      createEntity(parts, context, 'policy', policy);
      const { accountId } = context;
      return {
        Policy: {
          ...listedPolicy(accountId, policy, usesIn(parts.records, accountId)),
          Description: description,
          Tags: shownTags(policy.tags),
        },
      };
    },
  };
}
