/** A name for a published version, or for two of them with a share of the invocations each (reference: lambda-semantics 1.8). */
export interface Alias {
  readonly name: string;
  /** A published version, or `$LATEST`. */
  readonly functionVersion: string;
  readonly description: string;
  /** The share, from 0 to 1, of one further version; the rest goes to `functionVersion`. */
  readonly additionalVersionWeights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

/** Whether invocations of the alias can come to this version. */
export function leadsTo({ functionVersion, additionalVersionWeights }: Alias, version: string): boolean {
  return functionVersion === version || Object.hasOwn(additionalVersionWeights, version);
}

/** Of so many, how many fall to each version that the alias leads to. */
export function sharesOf({ functionVersion, additionalVersionWeights }: Alias, count: number): Map<string, number> {
  const shares = new Map<string, number>();
  let left = count;
  for (const [version, weight] of Object.entries(additionalVersionWeights)) {
    const share = Math.min(left, Math.round(count * weight));
    shares.set(version, share);
    left -= share;
  }
  return shares.set(functionVersion, left);
}
