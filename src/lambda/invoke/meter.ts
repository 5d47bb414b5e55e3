/** One finished invocation as it is billed. */
export interface MeteredInvocation {
  readonly accountId: string;
  readonly region: string;
  readonly functionName: string;
  readonly version: string;
  readonly requestId: string;
  readonly finishedAt: number;
  readonly billedMs: number;
  readonly memorySizeMb: number;
  readonly architecture: 'x86_64' | 'arm64';
  readonly initMs?: number;
}

/** The ledger. Survives `kill -9` like `FunctionLog`. */
export interface Meter {
  record(invocation: MeteredInvocation): void;
}

export interface UsageRow {
  readonly functionName: string;
  readonly version: string;
  /** `2026-11-23`, UTC. */
  readonly day: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly requests: number;
  readonly billedMs: number;
  readonly gbSeconds: number;
}

export interface UsageLedger extends Meter {
  /** Without an account and region: of all of them together. Days are inclusive. */
  usage(scope: {
    accountId?: string;
    region?: string;
    functionName?: string;
    fromDay?: string;
    toDay?: string;
  }): UsageRow[];
}
