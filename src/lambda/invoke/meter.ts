import type { UsageRow } from '../model/usage.ts';

/** Whose usage it is. */
export interface MeteredVersion {
  readonly accountId: string;
  readonly region: string;
  readonly functionName: string;
  readonly version: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly memorySizeMb: number;
}

/** One finished invocation as it is billed. What is zero is left out. */
export interface MeteredInvocation extends MeteredVersion {
  readonly requestId: string;
  readonly finishedAt: number;
  readonly billedMs: number;
  /** As it is reported, with two decimals. */
  readonly initMs?: number;
  /** What AWS counts as further requests for a large asynchronous event. */
  readonly extraRequests?: number;
  readonly streamedBytes?: number;
  /** It ran in a provisioned environment. */
  readonly provisioned?: boolean;
  /** Of `/tmp`, beyond 512. */
  readonly extraStorageMb?: number;
}

/** Provisioned environments that were there for a while. */
export interface MeteredAllocation extends MeteredVersion {
  /** The end of the while. */
  readonly at: number;
  /** Summed over the environments. */
  readonly allocatedMs: number;
}

/** The ledger. Survives `kill -9` like `FunctionLog`. */
export interface Meter {
  record(invocation: MeteredInvocation): void;
  allocated(allocation: MeteredAllocation): void;
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
