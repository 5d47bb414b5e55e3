/** Finding what a request names, and changing it, one change at a time for each API. */
import { shortId } from '../../base/short-id.ts';
import type {
  MethodDocument,
  ResourceDocument,
  RestApiRecord,
  RestScope,
  StageDocument,
} from '../../store/restapis/rest-record.ts';
import { type ApigatewayParts, notFound } from './parts.ts';

/** What `next` throws changes nothing; durable when it resolves. */
export function changeApi(
  { rest }: ApigatewayParts,
  scope: RestScope & Inside,
  id: string | undefined,
  next: (record: RestApiRecord) => RestApiRecord,
): Promise<RestApiRecord> {
  return rest.take(id ?? '', async () => {
    const after = marked(next(apiOf({ rest }, scope, id)), scope);
    await rest.commit([rest.apis.put(after)]);
    return after;
  });
}

interface Inside {
  readonly inside?: boolean;
}

/** What a function has touched it may have pointed anywhere, so that from then on the whole API is the function's. */
export function marked(record: RestApiRecord, { inside }: Inside): RestApiRecord {
  return inside && !record.inside ? { ...record, inside } : record;
}

export function apiOf(
  { rest }: Pick<ApigatewayParts, 'rest'>,
  scope: RestScope,
  id: string | undefined,
): RestApiRecord {
  const record = rest.apis.get(id ?? '');
  if (record === undefined || !sameScope(record, scope)) {
    throw notFound('API identifier', `${scope.accountId}:${id}`);
  }
  return record;
}

export function sameScope(a: RestScope, b: RestScope): boolean {
  return a.accountId === b.accountId && a.region === b.region;
}

export function resourceOf({ resources }: Pick<RestApiRecord, 'resources'>, id: string | undefined): ResourceDocument {
  const resource = resources.find((each) => each.id === id);
  if (resource === undefined) throw notFound('Resource identifier');
  return resource;
}

export function methodOf({ resourceMethods }: ResourceDocument, name: string | undefined): MethodDocument {
  const method = own(resourceMethods, name ?? '');
  if (method === undefined) throw notFound('Method identifier');
  return method;
}

export function stageOf({ stages }: RestApiRecord, name: string | undefined): StageDocument {
  const stage = stages.find(({ stageName }) => stageName === name);
  if (stage === undefined) throw notFound('Stage identifier');
  return stage;
}

interface MethodPlace {
  readonly restApiId: string | undefined;
  readonly resourceId: string | undefined;
  readonly httpMethod: string | undefined;
}

/** Another method in the place of one, or none. */
export function changeMethod(
  parts: ApigatewayParts,
  scope: RestScope & Inside,
  { restApiId, resourceId, httpMethod = '' }: MethodPlace,
  next: (method: MethodDocument, record: RestApiRecord) => MethodDocument | undefined,
): Promise<RestApiRecord> {
  return changeApi(parts, scope, restApiId, (record) => {
    const resource = resourceOf(record, resourceId);
    const after = next(methodOf(resource, httpMethod), record);
    return withMethod(record, resource, httpMethod, after);
  });
}

export function withMethod(
  record: RestApiRecord,
  resource: ResourceDocument,
  name: string,
  method: MethodDocument | undefined,
): RestApiRecord {
  const resourceMethods = withEntry(resource.resourceMethods, name, method);
  return { ...record, resources: replaced(record.resources, resource, { ...resource, resourceMethods }) };
}

export function methodIn(record: RestApiRecord, { resourceId, httpMethod }: Omit<MethodPlace, 'restApiId'>) {
  return methodOf(resourceOf(record, resourceId), httpMethod);
}

export function replaced<T>(list: readonly T[], old: T, fresh: T): readonly T[] {
  return list.map((each) => (each === old ? fresh : each));
}

export function withEntry<T>(
  entries: Readonly<Record<string, T>> | undefined,
  name: string,
  value: NoInfer<T> | undefined,
): Readonly<Record<string, T>> {
  const others = Object.entries(entries ?? {}).filter(([each]) => each !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
}

export function own<T>(entries: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** A member that is undefined must not hide what it would be without it. */
export function said<T extends object>(input: T): T {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T; // its own members
}

export function newId({ random }: Pick<ApigatewayParts, 'random'>, length = 6): string {
  return shortId(random, length);
}
