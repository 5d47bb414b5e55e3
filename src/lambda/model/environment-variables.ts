/** What a function's environment variables may be (reference: lambda-semantics 1.2, 1.3, 3.4). */
import { invalidParameterValue, validation } from './errors.ts';
import { environmentBytesMax } from './limits.ts';

const namePattern = /^[a-zA-Z]([a-zA-Z0-9_])+$/;

const reserved: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

const refused =
  'Lambda was unable to configure your environment variables because the environment variables you have provided';

/** Checks and answers the variables; none at all is `undefined`, as AWS then shows no Environment. */
export function checkedVariables(
  variables: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  const names = Object.keys(variables ?? {});
  if (variables === undefined || names.length === 0) return undefined;
  refuseReserved(names);
  refuseMalformed(names);
  refuseLarge(variables);
  refuseUnrepresentable(variables);
  return variables;
}

function refuseReserved(names: readonly string[]): void {
  // LAMBENT_ is how this server speaks to its runtimes.
  const found = names.filter((name) => reserved.has(name) || name.startsWith('LAMBENT_'));
  if (found.length === 0) return;
  throw invalidParameterValue(
    `${refused} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${found.join(', ')}`,
  );
}

function refuseMalformed(names: readonly string[]): void {
  if (names.every((name) => namePattern.test(name))) return;
  const keys = `Map keys must satisfy constraint: [Member must satisfy regular expression pattern: ${namePattern.source.slice(1, -1)}]`;
  throw validation(
    `1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: ${keys}`,
  );
}

function refuseLarge(variables: Readonly<Record<string, string>>): void {
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) <= environmentBytesMax) return;
  throw invalidParameterValue(`${refused} exceeded the 4KB limit. String measured: ${measured}`);
}

/** A process's environment ends each value at a NUL; what lies behind it would vanish without a word. */
function refuseUnrepresentable(variables: Readonly<Record<string, string>>): void {
  const found = Object.entries(variables).find(([, value]) => value.includes('\0'));
  if (found === undefined) return;
  throw invalidParameterValue(`${refused} contains a NUL character in the value of ${found[0]}`);
}
