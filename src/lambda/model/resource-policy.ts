/**
 * Policies that belong to what is asked for: a function, a version, an alias, a layer's version. A document is text, as it
 * was put together or as the caller wrote it; here statements join and leave it (reference: lambda-semantics 1.9).
 */
import { policyLengthExceeded, preconditionFailed, resourceConflict, resourceNotFound } from './errors.ts';
import { policyBytesMax } from './limits.ts';

/** Has a revision of its own, besides that of what it belongs to. */
export interface ResourcePolicy {
  readonly document: string;
  readonly revisionId: string;
}

/** In the order in which AWS writes its members. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: string | Readonly<Record<string, string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface Document {
  readonly Version: string;
  readonly Id?: string;
  readonly Statement: readonly { readonly Sid?: string }[];
}

/** The document with one statement more; refuses an id that is taken, and a document that becomes too long. */
export function policyWith(document: string | undefined, statement: PolicyStatement): string {
  const { Statement, ...rest } = parsed(document);
  if (Statement.some(({ Sid }) => Sid === statement.Sid)) {
    throw resourceConflict(
      `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  }
  return checkedLength(JSON.stringify({ ...rest, Statement: [...Statement, statement] }));
}

/** The document without one statement; nothing when that was its last. */
export function policyWithout(document: string | undefined, sid: string): string | undefined {
  if (document === undefined) throw noPolicy();
  const { Statement, ...rest } = parsed(document);
  const left = Statement.filter(({ Sid }) => Sid !== sid);
  if (left.length === Statement.length) throw resourceNotFound(`Statement ${sid} is not found in resource policy.`);
  return left.length === 0 ? undefined : JSON.stringify({ ...rest, Statement: left });
}

export function checkedLength(document: string): string {
  const bytes = Buffer.byteLength(document);
  if (bytes > policyBytesMax) {
    throw policyLengthExceeded(`The final policy size (${bytes}) is bigger than the limit (${policyBytesMax}).`);
  }
  return document;
}

/** `read` is the operation that tells the latest: `GetPolicy` or `GetLayerPolicy`. */
export function checkPolicyRevision(
  policy: ResourcePolicy | undefined,
  wanted: string | undefined,
  read: 'GetPolicy' | 'GetLayerPolicy',
): void {
  if (wanted === undefined || wanted === policy?.revisionId) return;
  throw preconditionFailed(
    `The Revision Id provided does not match the latest Revision Id. Call the ${read} API to retrieve the latest Revision Id`,
  );
}

export function noPolicy(): Error {
  return resourceNotFound('No policy is associated with the given resource.');
}

/** What is asked for has no policy to show. */
export function noPolicyThere(): Error {
  return resourceNotFound('The resource you requested does not exist.');
}

/** A document that somebody wrote may have a single statement that stands in no list. */
function parsed(document: string | undefined): Document {
  if (document === undefined) return { Version: '2012-10-17', Id: 'default', Statement: [] };
  const { Statement, ...rest } = JSON.parse(document); // ours: it was checked before it was kept
  return { ...rest, Statement: Array.isArray(Statement) ? Statement : [Statement] };
}
