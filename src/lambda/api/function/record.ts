/** What operations do with a function's record: find it, and change it when nothing else is changing it. */
import type { FunctionEvent } from '../../lifecycle/function-state.ts';
import { advance, phaseOf } from '../../lifecycle/function-state.ts';
import { functionNotFound, notNow, revisionMismatch, updateInProgress } from '../../model/errors.ts';
import type { FunctionKey, FunctionRecord, FunctionVersion } from '../../model/function.ts';
import { functionArn } from '../../model/function.ts';
import type { FunctionStore } from '../../model/function-store.ts';
import type { NamedFunction } from '../../model/names.ts';
import { versionToShow } from '../../model/qualifier.ts';
import type { Change } from '../../model/resources.ts';
import type { LambdaParts } from '../parts.ts';

export function existingFunction(functions: FunctionStore, key: FunctionKey): FunctionRecord {
  const record = functions.get(key);
  if (record === undefined) throw functionNotFound(functionArn(key));
  return record;
}

/** The version that the qualifier stands for, as it is shown. */
export function existingVersion(
  parts: Pick<LambdaParts, 'functions' | 'resources'>,
  { key, qualifier }: NamedFunction,
): FunctionVersion {
  const version = versionToShow(parts, key, qualifier);
  if (version === undefined) throw functionNotFound(functionArn(key, qualifier));
  return version;
}

/** Refuses what a change would be refused for, before work is done for it. */
export function checkChangeable(record: FunctionRecord, revisionId: string | undefined): void {
  if (revisionId !== undefined && revisionId !== record.latest.revisionId) throw revisionMismatch();
  const phase = phaseOf(record);
  if (phase === 'creating') throw notNow('Pending');
  if (phase === 'updating') throw updateInProgress(functionArn(record));
}

/** Writes the record after `event`, and `also` with it; somebody else's change in between is AWS's conflict. */
export async function change(
  { functions, clock }: Pick<LambdaParts, 'functions' | 'clock'>,
  record: FunctionRecord,
  event: FunctionEvent,
  also: readonly Change[] = [],
): Promise<FunctionRecord> {
  const next = advance(record, event, clock.now());
  if (next !== 'refused' && (await functions.replace(next, record.latest.revisionId, also))) return next;
  checkChangeable(existingFunction(functions, record), undefined);
  throw updateInProgress(functionArn(record));
}

/** The reconciler alone changes a record twice; whoever goes on losing is told. */
const writesMax = 8;

/** Writes what belongs to a function, in one commit with the fact that it is there. */
export async function writeOwned(
  { functions }: Pick<LambdaParts, 'functions'>,
  key: FunctionKey,
  changes: readonly Change[],
): Promise<void> {
  for (let tried = 0; tried < writesMax; tried += 1) {
    const record = existingFunction(functions, key);
    if (await functions.replace(record, record.latest.revisionId, changes)) return;
  }
  throw updateInProgress(functionArn(key));
}
