/** Environments that are made ahead for a version, or for what an alias leads to (reference: lambda-semantics 1.10). */
export interface ProvisionedConcurrency {
  readonly requested: number;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}
