/** Operations on what belongs to an account rather than to one API. */
import type { ApigatewayParts } from '../parts.ts';
import { getAccount, updateAccount } from './account.ts';
import { createApiKey, deleteApiKey, getApiKey, getApiKeys, updateApiKey } from './api-keys.ts';
import { getTags, tagResource, untagResource } from './tags.ts';
import { getUsage, updateUsage } from './usage.ts';
import { createUsagePlanKey, deleteUsagePlanKey, getUsagePlanKey, getUsagePlanKeys } from './usage-plan-keys.ts';
import { createUsagePlan, deleteUsagePlan, getUsagePlan, getUsagePlans, updateUsagePlan } from './usage-plans.ts';

export function accountRows(parts: ApigatewayParts) {
  return {
    CreateApiKey: createApiKey(parts),
    CreateUsagePlan: createUsagePlan(parts),
    CreateUsagePlanKey: createUsagePlanKey(parts),
    DeleteApiKey: deleteApiKey(parts),
    DeleteUsagePlan: deleteUsagePlan(parts),
    DeleteUsagePlanKey: deleteUsagePlanKey(parts),
    GetAccount: getAccount(parts),
    GetApiKey: getApiKey(parts),
    GetApiKeys: getApiKeys(parts),
    GetTags: getTags(parts),
    GetUsage: getUsage(parts),
    GetUsagePlan: getUsagePlan(parts),
    GetUsagePlanKey: getUsagePlanKey(parts),
    GetUsagePlanKeys: getUsagePlanKeys(parts),
    GetUsagePlans: getUsagePlans(parts),
    TagResource: tagResource(parts),
    UntagResource: untagResource(parts),
    UpdateAccount: updateAccount(parts),
    UpdateApiKey: updateApiKey(parts),
    UpdateUsage: updateUsage(parts),
    UpdateUsagePlan: updateUsagePlan(parts),
  };
}
