import type { LambdaTypes } from '../../../aws/models/lambda.types.ts';
import { checkedArchitecture, notThere } from '../../model/configuration.ts';
import type { CodeReference, FunctionConfiguration, FunctionVersion } from '../../model/function.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { renderFunction } from '../../model/render.ts';
import { checkUnzippedTogether } from '../layer/attached-layers.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { givenZip, keptPackage } from './package.ts';
import { packageRequest } from './package-request.ts';
import { change, checkChangeable, existingFunction } from './record.ts';
import { checkRuntimeHere } from './runtime-check.ts';

type Input = LambdaTypes['UpdateFunctionCode']['input'];

/** Until the reconciler is done the code before it answers. DryRun checks all of it, the package too, and changes nothing. */
export function updateFunctionCode(parts: LambdaParts): LambdaOperation<'UpdateFunctionCode'> {
  const { functions, random, runtimes, settings } = parts;
  return {
    ...packageRequest('UpdateFunctionCode'),
    async handle(input, context) {
      const record = existingFunction(functions, unqualifiedFunction(input.FunctionName, context));
      refuseUnsupported(input);
      const zip = givenZip(input, context);
      const architecture = checkedArchitecture(input.Architectures, settings.architecture);
      checkChangeable(record, input.RevisionId);
      checkRuntimeHere(runtimes, record.latest.configuration.runtime);
      const code = await keptPackage(parts, zip, record, record.latest.code);
      checkUnzippedTogether(code, record.latest.configuration.layers);
      const configuration = withSource(record.latest, input, architecture);
      if (input.DryRun) return renderFunction(imagined(record.latest, configuration, code));
      const ids = { id: random.uuid(), revisionId: random.uuid() };
      const next = await change(parts, record, { kind: 'update', ...ids, configuration, code });
      parts.kick();
      return renderFunction(next.latest);
    },
  };
}

function refuseUnsupported(input: Input): void {
  if (input.Publish) throw notThere('Publish', 'published versions');
  if (input.PublishTo !== undefined) throw notThere('PublishTo', 'managed instances');
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

function imagined(latest: FunctionVersion, configuration: FunctionConfiguration, code: CodeReference): FunctionVersion {
  return { ...latest, configuration, code };
}
