import { runtimeVersionArn } from '../../environments/log-lines.ts';
import { invalidParameterValue } from '../../model/errors.ts';
import { functionArn, functionKeyText } from '../../model/function.ts';
import { namedFunction } from '../../model/names.ts';
import { ownedKey, put } from '../../model/resources.ts';
import { writeOwned } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { type Managed, managed } from './managed.ts';

/** There is one version of each runtime on a server, so every mode keeps what there is. */
export function putRuntimeManagementConfig(parts: LambdaParts): LambdaOperation<'PutRuntimeManagementConfig'> {
  return {
    async handle(input, context) {
      const { UpdateRuntimeOn: updateRuntimeOn = 'Auto', RuntimeVersionArn: given } = input;
      const { key } = namedFunction(input.FunctionName, context, input.Qualifier);
      // A version that is deleted meanwhile leaves nothing behind.
      return parts.turns.take(functionKeyText(key), async () => {
        const whose = managed(parts, input, context);
        checkVersion(parts, whose, { manual: updateRuntimeOn === 'Manual', given });
        const config = { updateRuntimeOn, runtimeVersionArn: given };
        await writeOwned(parts, key, [put('runtime-management', ownedKey(key, whose.qualifier), config)]);
        const FunctionArn = functionArn(key, whose.qualifier);
        return { UpdateRuntimeOn: updateRuntimeOn, RuntimeVersionArn: given, FunctionArn };
      });
    },
  };
}

function checkVersion(
  { runtimes }: LambdaParts,
  { version }: Managed,
  { manual, given }: { manual: boolean; given: string | undefined },
): void {
  if (manual !== (given !== undefined)) {
    throw invalidParameterValue('RuntimeVersionArn has to be given with UpdateRuntimeOn Manual, and only with it');
  }
  const { runtime } = version.configuration;
  const ours = runtimeVersionArn(runtimes.get(runtime)?.versionLabel ?? runtime, version.region);
  if (!manual || given === ours) return;
  throw invalidParameterValue(`Cannot use ${given}: the version of ${runtime} that this server has is ${ours}`);
}
