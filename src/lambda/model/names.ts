/** The many ways to name a function, made one (reference: lambda-semantics 1.2). */
import {
  accessDenied,
  functionsOnly,
  invalidParameterValue,
  resourceNotFound,
  validation,
  violation,
} from './errors.ts';
import type { FunctionKey } from './function.ts';
import { functionArn } from './function.ts';
import { functionNameLengthMax } from './limits.ts';

/** From whom and where a name was heard; `RequestContext` fits. */
export interface NameContext {
  readonly region: string;
  readonly accountId: string;
  readonly operation: string;
  readonly principal: { readonly arn: string };
}

export interface NamedFunction {
  readonly key: FunctionKey;
  /** From the name or from the parameter; absent when neither had one. */
  readonly qualifier?: string;
}

const bareName = /^[a-zA-Z0-9_-]{1,64}$/;
// The model's namespaced pattern, the widest of the three; the front has applied the operation's own before.
const anyForm =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?<region>(?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9_.-]+)(?::(?<qualifier>\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9_-]+))?$/;

// What AWS prints, so that a client which compares texts finds its own.
const printedPattern =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?';

/** Resolves any form of a function's name to its key here; throws AWS's error for one that cannot be meant here. */
export function namedFunction(input: string | undefined, context: NameContext, parameter?: string): NamedFunction {
  const text = input ?? '';
  const { region, accountId } = context;
  if (bareName.test(text)) return { key: { accountId, region, name: text }, qualifier: parameter };
  const parts = anyForm.exec(text)?.groups;
  if (parts === undefined || parts.name === undefined) throw malformed(text);
  if (parts.region !== undefined && parts.region !== region) throw elsewhere(parts.region, region);
  if (parts.name.length > functionNameLengthMax) throw tooLong(parts.name);
  const key = { accountId: parts.account ?? accountId, region, name: parts.name };
  if (key.accountId !== accountId) throw foreign(key, context);
  return { key, qualifier: agreed(parts.qualifier, parameter) };
}

/** Whatever function a text names, here or elsewhere; nothing when it names none. For those who have to ask first. */
export function meantFunction(
  input: string,
  { region, accountId }: Pick<NameContext, 'region' | 'accountId'>,
  parameter?: string,
): NamedFunction | undefined {
  const parts = anyForm.exec(input)?.groups;
  // A mapping's ARN would pass for a function of the name "event-source-mapping".
  if (parts?.name === undefined || (input.startsWith('arn:') && !input.includes(':function:'))) return undefined;
  const key = { accountId: parts.account ?? accountId, region: parts.region ?? region, name: parts.name };
  return { key, qualifier: parts.qualifier ?? parameter };
}

/** As `namedFunction`, for operations on the function itself: a version or an alias is refused. */
export function unqualifiedFunction(input: string | undefined, context: NameContext): FunctionKey {
  const { key, qualifier } = namedFunction(input, context);
  if (qualifier !== undefined) throw functionsOnly();
  return key;
}

/** The key of a function that is to be: also the name itself must be one that a function may have. */
export function newFunctionKey(input: string | undefined, context: NameContext): FunctionKey {
  const key = unqualifiedFunction(input, context);
  if (!bareName.test(key.name)) throw malformed(key.name);
  return key;
}

function agreed(fromName: string | undefined, parameter: string | undefined): string | undefined {
  if (fromName !== undefined && parameter !== undefined && fromName !== parameter) {
    throw invalidParameterValue('The derived qualifier from the function name does not match the specified qualifier.');
  }
  return fromName ?? parameter;
}

function malformed(text: string): Error {
  return validation(
    violation(text, 'functionName', `Member must satisfy regular expression pattern: ${printedPattern}`),
  );
}

function tooLong(name: string): Error {
  const constraint = `Member must have length less than or equal to ${functionNameLengthMax}`;
  return invalidParameterValue(violation(name, 'functionName', constraint));
}

function elsewhere(theirs: string, ours: string): Error {
  return resourceNotFound(`Functions from '${theirs}' are not reachable in this region ('${ours}')`);
}

/**
 * Who was let in across accounts acts in the account of the function (`ingress/authorise.ts`), so here arrives only what no
 * policy can allow: an operation that does not cross accounts.
 */
function foreign(key: FunctionKey, { operation, principal }: NameContext): Error {
  const action = operation.startsWith('Invoke') ? 'InvokeFunction' : operation;
  return accessDenied(
    `User: ${principal.arn} is not authorized to perform: lambda:${action} on resource: ${functionArn(key)} because no resource-based policy allows the lambda:${action} action`,
  );
}
