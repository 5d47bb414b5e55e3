/** Whose runtime is managed: `$LATEST` or a published version, each for itself. */
import { invalidParameterValue } from '../../model/errors.ts';
import type { FunctionVersion } from '../../model/function.ts';
import { type NameContext, type NamedFunction, namedFunction } from '../../model/names.ts';
import { isVersionNumber, latestQualifier } from '../../model/qualifier.ts';
import { existingVersion } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';

export interface Managed {
  readonly key: NamedFunction['key'];
  readonly qualifier: string;
  readonly version: FunctionVersion;
}

export function managed(
  parts: LambdaParts,
  input: { readonly FunctionName?: string; readonly Qualifier?: string },
  context: NameContext,
): Managed {
  const named = namedFunction(input.FunctionName, context, input.Qualifier);
  const { key, qualifier = latestQualifier } = named;
  const version = existingVersion(parts, named);
  if (qualifier !== latestQualifier && !isVersionNumber(qualifier)) {
    throw invalidParameterValue(
      `Cannot manage the runtime of an alias: give $LATEST or a version instead of ${qualifier}`,
    );
  }
  return { key, qualifier, version };
}
