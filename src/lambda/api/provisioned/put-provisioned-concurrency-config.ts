import { invalidParameterValue, notNow, resourceConflict } from '../../model/errors.ts';
import { type FunctionKey, functionKeyText } from '../../model/function.ts';
import { namedFunction } from '../../model/names.ts';
import { isVersionNumber, publishedVersion } from '../../model/qualifier.ts';
import { ownedKey, put } from '../../model/resources.ts';
import { checkFits, inAccountTurn, provisionedFor, reservedFor } from '../concurrency/reservations.ts';
import { writeOwned } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { kind, type Provisioned, provisioned, renderProvisioned } from './provisioned.ts';

/** Answers 202 at once: nothing is allocated yet, and the provisioner makes it (reference: lambda-semantics 1.10). */
export function putProvisionedConcurrencyConfig(
  parts: LambdaParts,
): LambdaOperation<'PutProvisionedConcurrencyConfig'> {
  const { clock, provisioner, turns } = parts;
  return {
    async handle(input, context) {
      const { key } = namedFunction(input.FunctionName, context, input.Qualifier);
      const config = { requested: input.ProvisionedConcurrentExecutions ?? 0, lastModified: clock.now() };
      return turns.take(functionKeyText(key), async () => {
        const whose = provisioned(parts, input, context);
        checkActive(parts, whose);
        checkOthers(parts, whose);
        const answer = { ...renderProvisioned(parts, whose, config), Status: 'IN_PROGRESS' as const };
        await inAccountTurn(parts, key, async () => {
          checkRoom(parts, whose, config.requested);
          await writeOwned(parts, key, [put(kind, ownedKey(key, whose.qualifier), config)]);
        });
        provisioner.changed(key);
        return answer;
      });
    },
  };
}

function checkActive(parts: LambdaParts, { key, number }: Provisioned): void {
  const state = publishedVersion(parts, key, number)?.state.value;
  if (state !== undefined && state !== 'Active') throw notNow(state);
}

/** A version has it by its number or by one alias. */
function checkOthers(parts: LambdaParts, { key, qualifier, number }: Provisioned): void {
  const aliases = provisionedAliasesOf(parts, key, number).filter((name) => name !== qualifier);
  if (isVersionNumber(qualifier)) {
    if (aliases.length > 0) throw resourceConflict('Version is pointed by a Provisioned Concurrency alias');
  } else if (aliases.length > 0 || parts.resources.get(kind, ownedKey(key, number)) !== undefined) {
    throw resourceConflict(
      "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
    );
  }
}

function provisionedAliasesOf({ resources }: LambdaParts, key: FunctionKey, number: string): string[] {
  return resources
    .list(kind, { ...ownedKey(key, ''), limit: Number.MAX_SAFE_INTEGER })
    .map((entry) => entry.key.name)
    .filter((name) => resources.get('alias', ownedKey(key, name))?.functionVersion === number);
}

function checkRoom(parts: LambdaParts, { key, qualifier }: Provisioned, requested: number): void {
  const total = provisionedFor(parts, key, qualifier) + requested;
  const reserved = reservedFor(parts, key);
  if (reserved === undefined) return checkFits(parts, key, { places: total, member: 'ConcurrentExecutions' });
  if (total <= reserved) return;
  throw invalidParameterValue(
    'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
  );
}
