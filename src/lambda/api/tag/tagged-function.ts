/** The function that a tag operation's `Resource` names. */
import { codeSigningConfigNotFound, invalidParameterValue, resourceNotFound } from '../../model/errors.ts';
import type { FunctionRecord } from '../../model/function.ts';
import type { FunctionStore } from '../../model/function-store.ts';
import type { NameContext } from '../../model/names.ts';
import { namedFunction } from '../../model/names.ts';
import { existingFunction } from '../function/record.ts';

export function taggedFunction(
  functions: FunctionStore,
  arn: string | undefined,
  context: NameContext,
): FunctionRecord {
  const text = arn ?? '';
  const kind = /^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:([a-z-]+):/.exec(text)?.[1];
  if (kind === 'event-source-mapping') throw resourceNotFound(`Event source mapping not found: ${text}`);
  if (kind === 'code-signing-config') throw codeSigningConfigNotFound(`Code signing config not found: ${text}`);
  if (kind !== 'function') throw invalidParameterValue(`Tags need the ARN of a function: ${text}`);
  const { key, qualifier } = namedFunction(text, context);
  if (qualifier !== undefined) {
    throw invalidParameterValue(
      'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    );
  }
  return existingFunction(functions, key);
}
