/** What all batches have in common: one to ten entries, each with an id of its own, each with its own outcome. */
import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { AwsError } from '../../aws/errors.ts';
import { emptyBatch, entryIdsNotDistinct, invalidEntryId, missing, tooManyEntries } from './errors.ts';

const entriesMax = 10;

/** `entry` is the name of the entries' shape, for the message. Throws for what makes the whole batch invalid. */
export function batchEntries<Entry extends { readonly Id?: string }>(
  entries: readonly Entry[] | undefined,
  entry: string,
): readonly (Entry & { readonly Id: string })[] {
  if (entries === undefined || entries.length === 0) throw emptyBatch(entry);
  if (entries.length > entriesMax) throw tooManyEntries(entries.length);
  const ids = new Set<string>();
  return entries.map((one) => {
    const { Id: id } = one;
    if (id === undefined) throw missing(`${entry}.Id`);
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(id)) throw invalidEntryId();
    if (ids.has(id)) throw entryIdsNotDistinct(id);
    ids.add(id);
    return { ...one, Id: id };
  });
}

export function failedEntry(id: string, { code, message, status }: AwsError): BatchResultErrorEntry {
  return { Id: id, SenderFault: status < 500, Code: code, Message: message };
}

/** What one entry comes to, or the caller's own mistake in it; what is ours is thrown on. */
export function attempted<Result>(action: () => Result): Result | AwsError {
  try {
    return action();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

/** One outcome an entry: its error, or nothing when it was done. */
export function batchOutcome(entries: readonly { readonly Id: string }[], outcomes: readonly (AwsError | undefined)[]) {
  const failed = entries.flatMap(({ Id }, place) => {
    const outcome = outcomes[place];
    return outcome === undefined ? [] : [failedEntry(Id, outcome)];
  });
  return {
    Successful: entries.filter((_, place) => outcomes[place] === undefined).map(({ Id }) => ({ Id })),
    Failed: failed,
  };
}
