/** What a function says of a batch when it was asked to: ReportBatchItemFailures (reference: lambda-semantics 5.2). */

/** Nothing failed, all did, or these. */
export type ReportedFailures = 'none' | 'all' | ReadonlySet<string>;

/**
 * An answer that says nothing counts as success; one that cannot be understood, or that names a record which is not in the
 * batch, counts as the failure of all, since otherwise records would be lost.
 */
export function reportedFailures(payload: Buffer, ids: ReadonlySet<string>): ReportedFailures {
  const answer = parsed(payload);
  if (answer === null) return 'none';
  if (typeof answer !== 'object' || Array.isArray(answer)) return 'all';
  const failures: unknown = Object.hasOwn(answer, 'batchItemFailures')
    ? Reflect.get(answer, 'batchItemFailures')
    : null;
  if (failures === null) return 'none';
  if (!Array.isArray(failures)) return 'all';
  const failed = new Set<string>();
  for (const failure of failures) {
    const id = identifierOf(failure);
    if (id === undefined || !ids.has(id)) return 'all';
    failed.add(id);
  }
  return failed.size === 0 ? 'none' : failed;
}

/** Null for nothing; undefined for what is no JSON. */
function parsed(payload: Buffer): unknown {
  const text = payload.toString().trim();
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function identifierOf(failure: unknown): string | undefined {
  if (typeof failure !== 'object' || failure === null || !Object.hasOwn(failure, 'itemIdentifier')) return undefined;
  const id: unknown = Reflect.get(failure, 'itemIdentifier');
  return typeof id === 'string' && id !== '' ? id : undefined;
}
