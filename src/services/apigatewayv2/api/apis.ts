import type { ApiDocument, ApiRecord, ApiScope } from '../../../store/apis/api-record.ts';
import { apiOf, autoDeployed, changeApi, marked, newId, ownedBy, patched } from '../change.ts';
import { checkCors, checkedName, checkTags } from '../check-api.ts';
import { checkSelection, newApi } from '../defaults.ts';
import { pageOf } from '../page.ts';
import { type Apigatewayv2Parts, tooMany } from '../parts.ts';
import { quickCreated, quickUpdated } from '../quick-create.ts';
import { renderApi } from '../render.ts';
import type { Apigatewayv2Operation } from './types.ts';

const apisMax = 600;

export function createApi(parts: Apigatewayv2Parts): Apigatewayv2Operation<'CreateApi'> {
  return {
    async handle({ Target, RouteKey, CredentialsArn, ...input }, context) {
      const empty = emptyApi(parts, context, newApi(input, parts.clock.now()));
      checkApi(empty);
      const record = quickCreated(empty, { Target, RouteKey, CredentialsArn }, parts);
      const kept = await parts.apis.change(record.id, () => autoDeployed(undefined, marked(record, context), parts));
      return renderApi(kept, context);
    },
  };
}

/** Before there is anything in it. */
export function emptyApi(
  { apis, random }: Apigatewayv2Parts,
  { accountId, region }: ApiScope,
  api: ApiDocument,
): ApiRecord {
  if (apis.list({ accountId, region }).length >= apisMax) throw tooMany('APIs per Region', apisMax);
  return {
    ...{ accountId, region, id: newId(random, 10), api },
    ...{ routes: [], integrations: [], authorizers: [], stages: [], deployments: [] },
  };
}

export function checkApi({ api }: ApiRecord): void {
  checkedName(api.Name);
  checkCors(api.CorsConfiguration);
  checkSelection(api);
  checkTags(api.Tags ?? {});
}

export function getApi(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetApi'> {
  return { handle: ({ ApiId }, context) => renderApi(apiOf(parts, ApiId, context), context) };
}

export function getApis({ apis }: Apigatewayv2Parts): Apigatewayv2Operation<'GetApis'> {
  return {
    handle(input, context) {
      const { Items, ...page } = pageOf(apis.list(context), input);
      return { ...page, Items: Items.map((each) => renderApi(each, context)) };
    },
  };
}

export function updateApi(parts: Apigatewayv2Parts): Apigatewayv2Operation<'UpdateApi'> {
  return {
    async handle({ ApiId, Target, RouteKey, CredentialsArn, ...input }, context) {
      const after = await changeApi(parts, context, ApiId, (record) => {
        const changed = { ...record, api: patched(record.api, input) };
        checkApi(changed);
        return quickUpdated(changed, { Target, RouteKey, CredentialsArn });
      });
      return renderApi(after, context);
    },
  };
}

export function deleteApi(parts: Apigatewayv2Parts): Apigatewayv2Operation<'DeleteApi'> {
  return {
    async handle({ ApiId }, context) {
      await parts.apis.change(ApiId ?? '', (record) => {
        ownedBy(context, ApiId, record);
        return undefined;
      });
      return {};
    },
  };
}

export function deleteCorsConfiguration(parts: Apigatewayv2Parts): Apigatewayv2Operation<'DeleteCorsConfiguration'> {
  return {
    async handle({ ApiId }, context) {
      await changeApi(parts, context, ApiId, (record) => {
        const { CorsConfiguration: _, ...api } = record.api;
        return { ...record, api };
      });
      return {};
    },
  };
}
