/** Requests of pages from other origins: what a bucket's rules say to them, whatever operation it is. */
import { AwsError } from '../../aws/errors.ts';
import { serviceModel } from '../../aws/models.ts';
import type { AnyTable, Operation, RequestContext } from '../../aws/operation.ts';
import { askedOperation, type SentRequest } from '../../aws/route/asked.ts';
import { bucketAndKey, bucketPath } from '../../aws/route/identify.ts';
import type { ObjectStore } from '../../store/objects/object-store.ts';
import { corsHeaders, matchingRule } from './cors.ts';
import { settingsOf } from './settings.ts';

// biome-ignore lint/suspicious/noExplicitAny: rows of one table with differing inputs, as in AnyTable
type AnyRow = Operation<any, any>;

/** The table, with each row telling browsers whether the page that asked may see the answer. */
export function withCors<Table extends AnyTable>(objects: ObjectStore, table: Table): Table {
  const rows = Object.entries(table).map(([name, row]) => [
    name,
    'handle' in row ? corsRow(objects, row, methodOf(name)) : row,
  ]);
  return Object.fromEntries(rows) as Table; // the same names and the same kinds of rows
}

function methodOf(operation: string): string {
  return serviceModel('s3').operations[operation]?.http?.[0] ?? 'POST';
}

function corsRow(objects: ObjectStore, row: AnyRow, method: string): AnyRow {
  return {
    ...row,
    handle(input, context) {
      const headers = allowance(objects, input.Bucket, method, context);
      if (headers === undefined) return row.handle(input, context);
      Object.assign(context.responseHeaders, headers);
      return toldTo(headers, () => row.handle(input, context));
    },
  };
}

function allowance(objects: ObjectStore, bucket: unknown, method: string, { headers }: RequestContext) {
  const { origin } = headers;
  if (origin === undefined) return undefined;
  const request = { origin, method };
  const match = matchingRule(rulesOf(objects, bucket), request);
  return match === undefined ? undefined : corsHeaders(match, request);
}

/** Errors, too: a page that may not see why it failed is hard to mend. */
async function toldTo(headers: Readonly<Record<string, string>>, handle: () => unknown): Promise<unknown> {
  try {
    return await handle();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, message, status, members } = error;
    throw new AwsError({ code, message, status, members, headers: { ...error.headers, ...headers } });
  }
}

export function rulesOf(objects: ObjectStore, name: unknown) {
  const bucket = typeof name === 'string' ? objects.buckets.get(name) : undefined;
  return (bucket === undefined ? undefined : settingsOf(bucket).cors) ?? [];
}

/** What a page may be let in for: the bucket's objects one by one, and nothing that reads those of another bucket. */
const objectOperations = new Set(
  [
    ...['GetObject', 'HeadObject', 'GetObjectAttributes', 'GetObjectTagging', 'PutObject', 'PutObjectTagging'],
    ...['DeleteObject', 'PostObject', 'CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'],
    ...['AbortMultipartUpload', 'ListParts', 'OptionsObject'],
  ].map((operation) => `s3:${operation}`),
);

/**
 * Whether a bucket's owner has let a page of that origin in by its name. `*` lets nobody in here: on AWS a signature
 * still stands behind such a rule, and the open mode, which asks, believes every signature.
 */
export function namedOrigin(objects: ObjectStore, request: SentRequest): boolean {
  const { method, url, headers } = request;
  const { origin } = headers;
  const host = headers.host ?? headers[':authority'];
  if (typeof origin !== 'string' || typeof host !== 'string') return false;
  if (!objectOperations.has(askedOperation(request) ?? '')) return false;
  const { bucket } = bucketAndKey(bucketPath({ headers: { host }, path: url.split('?')[0] ?? '' }));
  const asked = method === 'OPTIONS' ? headers['access-control-request-method'] : method;
  if (typeof asked !== 'string') return false;
  const rules = rulesOf(objects, bucket).map((rule) => ({
    ...rule,
    AllowedOrigins: rule.AllowedOrigins?.filter((pattern) => pattern !== '*'),
  }));
  return matchingRule(rules, { origin, method: asked }) !== undefined;
}
