/** One service's model: what the SDK's schemas say of the wire, joined with what botocore says of values. */
import type {
  ErrorModel,
  MemberModel,
  OperationModel,
  ServiceModel,
  StructureModel,
  TypeName,
} from '../../src/aws/model.ts';
import { invariant } from '../../src/base/invariant.ts';
import type { BotocoreModel, BotocoreShape } from './fetch.ts';
import { flattened, type Schema, type Traits } from './schema.ts';
import type { Source } from './services.ts';

/** A model while it is being put together. */
interface Draft {
  readonly structures: Record<string, StructureModel>;
  readonly enums: string[][];
  readonly enumPlaces: Map<string, number>;
  readonly botocore: BotocoreModel;
}

export function mergedModel(
  source: Source,
  schemas: ReadonlyMap<string, readonly unknown[]>,
  botocore: BotocoreModel,
): ServiceModel {
  const draft: Draft = { structures: {}, enums: [], enumPlaces: new Map(), botocore };
  const operations: Record<string, OperationModel> = {};
  for (const [name, schema] of [...schemas].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (schema[0] === 9) operations[name] = operation(draft, source, name, flattened(schema));
    if (schema[0] === -3) structure(draft, flattened(schema), botocore.shapes[name]);
  }
  const xmlNamespace = source.xmlNamespace ?? botocore.metadata.xmlNamespace ?? s3Namespace(source);
  return {
    service: source.service,
    apiVersion: botocore.metadata.apiVersion ?? '',
    ...(xmlNamespace === undefined ? {} : { xmlNamespace }),
    operations,
    structures: Object.fromEntries(Object.entries(draft.structures).sort(([a], [b]) => (a < b ? -1 : 1))),
    enums: draft.enums,
  };
}

function s3Namespace({ service }: Source): string | undefined {
  return service === 's3' ? 'http://s3.amazonaws.com/doc/2006-03-01/' : undefined;
}

function operation(draft: Draft, source: Source, name: string, schema: Schema): OperationModel {
  const known = draft.botocore.operations[name];
  const [input, output] = [flattened(schema.raw[4]), flattened(schema.raw[5])];
  const http = schema.traits.http;
  return {
    ...(http === undefined
      ? {}
      : { http: [http[0], source.service === 's3' ? withBucket(input, http[1]) : http[1], http[2]] }),
    ...(input.kind === 'structure' ? { input: structure(draft, input, shapeOf(draft, known?.input?.shape)) } : {}),
    ...(output.kind === 'structure' ? { output: structure(draft, output, shapeOf(draft, known?.output?.shape)) } : {}),
  };
}

/** S3's schemas leave `{Bucket}` to the endpoint rules; in a path-style request it is the first segment. */
function withBucket(input: Schema, uri: string): string {
  const names = input.raw[4];
  return Array.isArray(names) && names.includes('Bucket') ? `/{Bucket}${uri.replace(/^\/(?=\?|$)/, '')}` : uri;
}

function shapeOf({ botocore }: Draft, name: string | undefined): BotocoreShape | undefined {
  return name === undefined ? undefined : botocore.shapes[name];
}

/** Values that AWS refuses in words of the operation's own, not in those of constraints: the operation checks them. */
const ownWords = new Set(['CreateFunctionRequest.Runtime', 'UpdateFunctionConfigurationRequest.Runtime']);

/** Adds the structure and what it refers to, once; answers its name. */
function structure(draft: Draft, schema: Schema, shape: BotocoreShape | undefined): string {
  const { name, raw, traits } = schema;
  if (draft.structures[name] !== undefined) return name;
  const members: Record<string, MemberModel> = {};
  const kind = raw[0] !== 4 ? undefined : traits.streaming ? ('events' as const) : ('union' as const);
  const entry: StructureModel = {
    ...(kind === undefined ? {} : { kind }),
    members,
    ...(raw[0] === -3 ? { error: errorModel(name, traits) } : {}),
    ...(traits.xmlName === undefined ? {} : { xmlName: traits.xmlName }),
    ...(traits.xmlNamespace === undefined ? {} : { xmlNamespace: traits.xmlNamespace }),
  };
  draft.structures[name] = entry;
  const names = listOf(raw[4]).map(String);
  const required = Number(raw[6] ?? 0);
  names.forEach((member, place) => {
    const known = shape?.members?.[member];
    members[member] = {
      ...memberModel(draft, flattened(listOf(raw[5])[place]), shapeOf(draft, known?.shape)),
      ...(place < required ? { required: 1 as const } : {}),
      ...(ownWords.has(`${name}.${member}`) ? { enum: undefined } : {}),
    };
  });
  return name;
}

function errorModel(name: string, traits: Traits): ErrorModel {
  const fault = traits.error === 'server' ? 'server' : 'client';
  const [queryCode, queryStatus] = traits.awsQueryError ?? [];
  return {
    status: traits.httpError ?? queryStatus ?? (fault === 'server' ? 500 : 400),
    fault,
    ...(queryCode === undefined || queryCode === name ? {} : { queryCode }),
  };
}

function memberModel(draft: Draft, schema: Schema, shape: BotocoreShape | undefined): MemberModel {
  return { ...typeModel(draft, schema, shape), ...binding(schema.member) };
}

function typeModel(draft: Draft, schema: Schema, shape: BotocoreShape | undefined): MemberModel {
  const { kind } = schema;
  const traits = { ...schema.traits, ...schema.member };
  const marks = {
    ...(traits.streaming || schema.raw[0] === 42 ? { stream: 1 as const } : {}),
    ...(traits.sensitive ? { sensitive: 1 as const } : {}),
    ...(traits.mediaType === undefined ? {} : { mediaType: traits.mediaType }),
  };
  if (kind === 'structure') return { type: 'structure', of: structure(draft, schema, shape), ...marks };
  if (kind === 'list') {
    const item = memberModel(draft, flattened(schema.item), shapeOf(draft, shape?.member?.shape));
    return { type: 'list', item, ...size(shape), ...marks };
  }
  if (kind === 'map') {
    const key = memberModel(draft, flattened(schema.key), shapeOf(draft, shape?.key?.shape));
    const item = memberModel(draft, flattened(schema.item), shapeOf(draft, shape?.value?.shape));
    return { type: 'map', key, item, ...size(shape), ...marks };
  }
  return { ...simpleType(schema, shape), ...size(shape), ...textRules(draft, shape), ...marks };
}

function simpleType(
  { kind, format }: Schema,
  shape: BotocoreShape | undefined,
): { type: TypeName; format?: MemberModel['format'] } {
  invariant(kind !== 'unit' && kind !== 'operation', 'a member has a type of values');
  if (kind !== 'number') return { type: kind, ...(format === undefined ? {} : { format }) };
  const known = shape?.type;
  if (known === 'integer' || known === 'long' || known === 'float') return { type: known };
  return { type: 'double' };
}

function size(shape: BotocoreShape | undefined): { min?: number; max?: number } {
  return {
    ...(shape?.min === undefined ? {} : { min: shape.min }),
    ...(shape?.max === undefined ? {} : { max: shape.max }),
  };
}

function textRules(draft: Draft, shape: BotocoreShape | undefined): { pattern?: string; enum?: number } {
  if (shape?.type !== 'string') return {};
  return {
    ...(shape.pattern === undefined ? {} : { pattern: usablePattern(shape.pattern) }),
    ...(shape.enum === undefined ? {} : { enum: enumPlace(draft, [...shape.enum]) }),
  };
}

/** Java's patterns mostly compile here too; what does not is rewritten, and a new kind fails the generation. */
function usablePattern(pattern: string): string {
  const rewritten = pattern.startsWith('(?i)') ? insensitive(pattern.slice(4)) : pattern;
  try {
    new RegExp(rewritten, 'u');
  } catch {
    new RegExp(rewritten);
  }
  return rewritten;
}

function insensitive(pattern: string): string {
  return pattern.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

function enumPlace({ enums, enumPlaces }: Draft, values: string[]): number {
  const key = JSON.stringify(values);
  const place = enumPlaces.get(key) ?? enums.push(values) - 1;
  enumPlaces.set(key, place);
  return place;
}

function binding(traits: Traits): Partial<MemberModel> {
  return {
    ...place(traits),
    ...(traits.jsonName === undefined ? {} : { jsonName: traits.jsonName }),
    ...(traits.xmlName === undefined ? {} : { xmlName: traits.xmlName }),
    ...(traits.xmlFlattened ? { flat: 1 as const } : {}),
    ...(traits.xmlAttribute ? { attribute: 1 as const } : {}),
    ...(traits.xmlNamespace === undefined ? {} : { xmlNamespace: traits.xmlNamespace }),
    ...(traits.eventHeader ? { event: 'header' as const } : {}),
    ...(traits.eventPayload ? { event: 'payload' as const } : {}),
    ...(traits.idempotencyToken ? { idempotencyToken: 1 as const } : {}),
  };
}

function place(traits: Traits): Partial<MemberModel> {
  if (traits.httpLabel) return { in: 'label' };
  if (traits.httpQuery !== undefined) return { in: 'query', at: traits.httpQuery };
  if (traits.httpQueryParams) return { in: 'queryParams' };
  if (traits.httpHeader !== undefined) return { in: 'header', at: traits.httpHeader.toLowerCase() };
  if (traits.httpPrefixHeaders !== undefined)
    return { in: 'prefixHeaders', at: traits.httpPrefixHeaders.toLowerCase() };
  if (traits.httpPayload) return { in: 'payload' };
  if (traits.httpResponseCode) return { in: 'status' };
  return {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
