/** What the load client is asked to do, and what it answers. Travels as JSON between two processes. */

export interface Job {
  readonly host: string;
  readonly port: number;
  /** Whole HTTP/1.1 requests in base64, sent as they are. */
  readonly requests: readonly string[];
  /** What every answer must be, as JSON; absent where answers differ. */
  readonly expected?: unknown;
  /** What every answer must have; 200 unless given. */
  readonly status?: number;
  readonly plan: Plan;
}

export type Plan = Saturate | Sequence | Burst;

/** Every connection sends the first request again as soon as it has its answer. */
export interface Saturate {
  readonly kind: 'saturate';
  readonly connections: number;
  /** Before anything is counted. */
  readonly warmUpMs: number;
  readonly durationMs: number;
}

/** One connection sends each request once, with a pause before each. */
export interface Sequence {
  readonly kind: 'sequence';
  readonly pauseMs: number;
}

/** Each request has a connection of its own, and all are sent at once. */
export interface Burst {
  readonly kind: 'burst';
  /** Until the last answer. */
  readonly answeredMsMax: number;
}

export interface Outcome {
  readonly answers: number;
  readonly errors: number;
  /** What was wrong with the first wrong answer. */
  readonly firstError?: string;
  readonly seconds: number;
  readonly minMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Of the load client itself, so that one can see whether it was what limited the run. */
  readonly clientCpuSeconds: number;
}

/** The client is connected and warm, and waits for any message to begin: the moment to read the meters. */
export interface Prepared {
  readonly prepared: true;
}

export interface Problem {
  readonly problem: string;
}
