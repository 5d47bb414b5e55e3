import type { LambdaTypes } from '../../../aws/models/lambda.types.ts';
import { checkedArchitecture, notThere } from '../../model/configuration.ts';
import type { FunctionConfiguration, FunctionRecord, FunctionVersion } from '../../model/function.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { checkUnzippedTogether } from '../layer/attached-layers.ts';
import type { LambdaParts } from '../parts.ts';
import { functionConfig, verifySignatures } from '../signing/verify.ts';
import type { LambdaOperation } from '../types.ts';
import { publication, unchangedVersion } from '../version/publication.ts';
import { givenZip, keptPackage } from './package.ts';
import { packageRequest } from './package-request.ts';
import { change, checkChangeable, existingFunction } from './record.ts';
import { checkRuntimeHere } from './runtime-check.ts';
import { shownFunction } from './shown.ts';

type Input = LambdaTypes['UpdateFunctionCode']['input'];

/** Until the reconciler is done the code before it answers. DryRun checks all of it, the package too, and changes nothing. */
export function updateFunctionCode(parts: LambdaParts): LambdaOperation<'UpdateFunctionCode'> {
  const { functions, resources, runtimes, settings } = parts;
  return {
    ...packageRequest('UpdateFunctionCode'),
    async handle(input, context) {
      const record = existingFunction(functions, unqualifiedFunction(input.FunctionName, context));
      if (input.PublishTo !== undefined) throw notThere('PublishTo', 'managed instances');
      await using zip = await givenZip(parts, input, context);
      const architecture = checkedArchitecture(input.Architectures, settings.architecture);
      checkChangeable(record, input.RevisionId);
      checkRuntimeHere(runtimes, record.latest.configuration.runtime);
      verifySignatures(functionConfig(resources, record), { functionName: record.name });
      const { latest } = record;
      const code = await keptPackage(parts, zip, record, { replacing: latest.code, copies: input.Publish ? 2 : 1 });
      checkUnzippedTogether(code, latest.configuration.layers);
      const imagined = { ...latest, configuration: withSource(latest, input, architecture), code };
      if (input.DryRun) return shownFunction(parts, imagined);
      const written = await (input.Publish ? updatedAndPublished : updated)(parts, record, imagined);
      parts.kick();
      return written;
    },
  };
}

function withSource(
  { configuration }: FunctionVersion,
  { SourceKMSKeyArn }: Input,
  architecture = configuration.architecture,
): FunctionConfiguration {
  // The key belongs to the package, so a package without one has none.
  const { SourceKMSKeyArn: _, ...others } = configuration.stored;
  return { ...configuration, architecture, stored: SourceKMSKeyArn ? { ...others, SourceKMSKeyArn } : others };
}

type Answer = LambdaTypes['UpdateFunctionCode']['output'];

async function updated(parts: LambdaParts, record: FunctionRecord, next: FunctionVersion): Promise<Answer> {
  const { latest } = await change(parts, record, updateTo(parts, next));
  return shownFunction(parts, latest);
}

/** Answers the version, which is the one before when nothing is new in this one. */
async function updatedAndPublished(parts: LambdaParts, record: FunctionRecord, next: FunctionVersion): Promise<Answer> {
  const unchanged = unchangedVersion(parts, next);
  if (unchanged) {
    await change(parts, record, updateTo(parts, next));
    return shownFunction(parts, unchanged, unchanged.version);
  }
  const { version, changes } = publication(parts, next, { along: true });
  await change(parts, record, { ...updateTo(parts, next), publishing: version.version }, changes);
  return shownFunction(parts, version, version.version);
}

function updateTo({ random }: LambdaParts, { configuration, code }: FunctionVersion) {
  return { kind: 'update', id: random.uuid(), revisionId: random.uuid(), configuration, code } as const;
}
