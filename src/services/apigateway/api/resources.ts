import type { ResourceDocument, RestApiRecord } from '../../../store/restapis/rest-record.ts';
import { apiOf, changeApi, newId, replaced, resourceOf } from '../change.ts';
import { checkPathPart, checkPlace, pathUnder } from '../check-resource.ts';
import { pageOf } from '../page.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest, tooMany } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';
import { shownResource } from '../render.ts';

const resourcesMax = 300;
const fields: Fields = { '/pathPart': 'text', '/parentId': 'text' };

export function createResource(parts: ApigatewayParts): ApigatewayOperation<'CreateResource'> {
  return {
    async handle({ restApiId, parentId, pathPart = '' }, context) {
      const id = newId(parts);
      const after = await changeApi(parts, context, restApiId, (record) => {
        const parent = resourceOf(record, parentId);
        checkPathPart(pathPart);
        checkPlace(record.resources, parent, pathPart);
        if (record.resources.length >= resourcesMax) throw tooMany('resources for this API', resourcesMax);
        const resource = { id, parentId: parent.id, pathPart, path: pathUnder(parent, pathPart), resourceMethods: {} };
        return { ...record, resources: [...record.resources, resource] };
      });
      return shownResource(resourceOf(after, id), undefined);
    },
  };
}

export function getResource(parts: ApigatewayParts): ApigatewayOperation<'GetResource'> {
  return {
    handle: ({ restApiId, resourceId, embed }, context) =>
      shownResource(resourceOf(apiOf(parts, context, restApiId), resourceId), embed),
  };
}

export function getResources(parts: ApigatewayParts): ApigatewayOperation<'GetResources'> {
  return {
    handle(input, context) {
      const { items, ...more } = pageOf(apiOf(parts, context, input.restApiId).resources, input);
      return { items: items.map((each) => shownResource(each, input.embed)), ...more };
    },
  };
}

export function updateResource(parts: ApigatewayParts): ApigatewayOperation<'UpdateResource'> {
  return {
    async handle({ restApiId, resourceId, patchOperations }, context) {
      const after = await changeApi(parts, context, restApiId, (record) => {
        const before = resourceOf(record, resourceId);
        if (before.parentId === undefined) throw badRequest('The root resource cannot be updated');
        const moved = patched(before, patchOperations, fields);
        const under = subtree(record, before);
        const parent = resourceOf(record, moved.parentId);
        if (under.includes(parent)) throw badRequest('A resource cannot be its own parent');
        checkPathPart(moved.pathPart ?? '');
        checkPlace(
          record.resources.filter((each) => each !== before),
          parent,
          moved.pathPart ?? '',
        );
        return rooted({ ...record, resources: replaced(record.resources, before, moved) });
      });
      return shownResource(resourceOf(after, resourceId), undefined);
    },
  };
}

/** All that is below goes with it. */
export function deleteResource(parts: ApigatewayParts): ApigatewayOperation<'DeleteResource'> {
  return {
    async handle({ restApiId, resourceId }, context) {
      await changeApi(parts, context, restApiId, (record) => {
        const resource = resourceOf(record, resourceId);
        if (resource.parentId === undefined) throw badRequest('Root resource cannot be deleted');
        const gone = new Set(subtree(record, resource));
        return { ...record, resources: record.resources.filter((each) => !gone.has(each)) };
      });
      return {};
    },
  };
}

function subtree({ resources }: RestApiRecord, top: ResourceDocument): ResourceDocument[] {
  const found = [top];
  for (const parent of found) found.push(...resources.filter(({ parentId }) => parentId === parent.id));
  return found;
}

/** Each path anew, from the root down. */
function rooted(record: RestApiRecord): RestApiRecord {
  const paths = new Map<string, string>();
  const [root] = record.resources;
  const below = root === undefined ? [] : subtree(record, root);
  for (const { id, parentId, pathPart = '' } of below) {
    const parent = parentId === undefined ? undefined : paths.get(parentId);
    paths.set(id, parent === undefined ? '/' : `${parent === '/' ? '' : parent}/${pathPart}`);
  }
  return { ...record, resources: record.resources.map((each) => ({ ...each, path: paths.get(each.id) ?? each.path })) };
}
