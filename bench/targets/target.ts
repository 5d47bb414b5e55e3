/** What is measured: something that answers Invoke at an address, and the process to watch meanwhile. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** From spawning to being able to serve. */
  readonly readyMs: number;
  /** The path to send the event of a function to. */
  path(functionName: string): string;
  stop(): Promise<void>;
}

export type Subject = 'lambent' | 'limit' | 'peer';

/** Where a case puts its files and starts its programs. */
export interface Bench {
  readonly root: string;
  /** Temporary, removed at the end. */
  readonly folder: string;
  readonly children: import('../children.ts').Children;
  /** A line for whoever waits. */
  say(line: string): void;
}
