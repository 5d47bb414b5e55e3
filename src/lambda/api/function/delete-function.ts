import { leadsTo } from '../../model/alias.ts';
import {
  functionNotFound,
  invalidParameterValue,
  notNow,
  resourceConflict,
  updateInProgress,
} from '../../model/errors.ts';
import { type FunctionKey, functionArn, functionKeyText } from '../../model/function.ts';
import { namedFunction } from '../../model/names.ts';
import { isVersionNumber, latestQualifier, publishedVersion } from '../../model/qualifier.ts';
import { ownedKey, remove, removeOwnedByQualifier, versionName } from '../../model/resources.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingFunction } from './record.ts';

/** 204 although the model says 200, and 404 the second time (reference: lambda-semantics 1.1). */
export function deleteFunction(parts: LambdaParts): LambdaOperation<'DeleteFunction'> {
  const { turns } = parts;
  return {
    async handle({ FunctionName, Qualifier }, context) {
      const { key, qualifier } = namedFunction(FunctionName, context, Qualifier);
      // An alias that is being made may lead to what goes.
      await turns.take(functionKeyText(key), () =>
        qualifier === undefined ? deleteAll(parts, key) : deleteVersion(parts, key, qualifier),
      );
      return { StatusCode: 204 };
    },
  };
}

async function deleteAll(parts: LambdaParts, key: FunctionKey): Promise<void> {
  const { functions, resources, admission, recursion, provisioner, retired } = parts;
  const { serving } = existingFunction(functions, key);
  const versions = resources.list('version', { ...ownedKey(key, ''), limit: Number.POSITIVE_INFINITY });
  if (!(await functions.delete(key))) throw functionNotFound(functionArn(key));
  admission.forget(key);
  recursion.allow(key, false);
  provisioner.changed(key);
  if (serving) retired(serving);
  for (const { value } of versions) retired(value);
}

/** One that is not there is no error: AWS answers 204 for it. */
async function deleteVersion(parts: LambdaParts, key: FunctionKey, qualifier: string): Promise<void> {
  const { functions, resources, retired } = parts;
  existingFunction(functions, key);
  if (qualifier === latestQualifier) {
    throw invalidParameterValue('$LATEST version cannot be deleted without deleting the function.');
  }
  if (!isVersionNumber(qualifier)) throw invalidParameterValue('Deletion of aliases is not currently supported.');
  const version = publishedVersion(parts, key, qualifier);
  if (version === undefined) return;
  const aliases = aliasesOf(parts, key, qualifier);
  if (aliases.length > 0) {
    throw resourceConflict(
      `Unable to delete version because the following aliases reference it: [${aliases.join(', ')}]`,
    );
  }
  if (version.state.value === 'Pending') throw notNow('Pending');
  const place = ownedKey(key, versionName(qualifier));
  const gone = [
    remove('version', place, { revisionId: version.revisionId }),
    remove('snapshot', place),
    ...removeOwnedByQualifier(key, qualifier),
  ];
  if (!(await resources.write(gone))) throw updateInProgress(functionArn(key, qualifier));
  parts.provisioner.changed(key);
  retired(version);
}

function aliasesOf({ resources }: LambdaParts, key: FunctionKey, version: string): string[] {
  return resources
    .list('alias', { ...ownedKey(key, ''), limit: Number.POSITIVE_INFINITY })
    .filter(({ value }) => leadsTo(value, version))
    .map(({ value }) => value.name);
}
