import { created } from '../../lifecycle/function-state.ts';
import { newConfiguration, notThere, withLayers } from '../../model/configuration.ts';
import { resourceConflict } from '../../model/errors.ts';
import { newFunctionKey } from '../../model/names.ts';
import { withTags } from '../../model/tags.ts';
import { attachedLayers, checkUnzippedTogether, heldLayers } from '../layer/attached-layers.ts';
import type { LambdaParts } from '../parts.ts';
import { signedWith, wantedConfig } from '../signing/config.ts';
import { verifySignatures } from '../signing/verify.ts';
import type { LambdaOperation } from '../types.ts';
import { publication } from '../version/publication.ts';
import { givenZip, keptPackage } from './package.ts';
import { packageRequest } from './package-request.ts';
import { checkRole } from './role-check.ts';
import { checkRuntimeHere } from './runtime-check.ts';
import { shownFunction } from './shown.ts';

/** Answers Pending without a LastUpdateStatus; the reconciler makes it Active, and with it the version that `Publish` asks for. */
export function createFunction(parts: LambdaParts): LambdaOperation<'CreateFunction'> {
  const { functions, resources, random, clock, settings, runtimes } = parts;
  return {
    ...packageRequest('CreateFunction'),
    async handle(input, context) {
      const key = newFunctionKey(input.FunctionName, context);
      if (input.Code?.ImageUri !== undefined) throw notThere('Code.ImageUri', 'container images');
      const layers = attachedLayers(resources, input.Layers ?? [], context);
      using _held = heldLayers(parts.code, layers);
      const configuration = withLayers(newConfiguration(key.name, input, settings.architecture), layers);
      checkRuntimeHere(runtimes, configuration.runtime);
      checkRole(parts, configuration, key);
      await using zip = await givenZip(parts, input.Code ?? {}, context);
      const tags = withTags({}, input.Tags ?? {});
      const signing = input.CodeSigningConfigArn ? wantedConfig(resources, input.CodeSigningConfigArn, key) : undefined;
      verifySignatures(signing, { functionName: key.name, layers });
      if (functions.get(key) !== undefined) throw taken(key.name);
      const code = await keptPackage(parts, zip, key, { copies: input.Publish ? 2 : 1 });
      checkUnzippedTogether(code, layers);
      const ids = { id: random.uuid(), revisionId: random.uuid() };
      const record = created({ ...key, ...ids, configuration, code, tags }, clock.now());
      const along = input.Publish ? publication(parts, record.latest, { along: true }) : undefined;
      const whole = { ...record, publishing: along?.version.version };
      const signed = signing ? signedWith(parts, key, signing) : [];
      if (!(await functions.create(whole, [...(along?.changes ?? []), ...signed]))) throw taken(key.name);
      parts.kick();
      return along ? shownFunction(parts, along.version, along.version.version) : shownFunction(parts, record.latest);
    },
  };
}

function taken(name: string): Error {
  return resourceConflict(`Function already exist: ${name}`);
}
