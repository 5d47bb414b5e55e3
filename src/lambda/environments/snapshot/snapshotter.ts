import type { FunctionVersion } from '../../model/function.ts';
import type { EnvironmentLog } from '../environment-log.ts';
import type { StartedRuntime } from '../started-runtime.ts';

/**
 * A way to initialise a version once and to start its environments from that. The one there is forks (`fork-snapshotter.ts`);
 * another could write the memory of a process, or of a virtual machine, to the disk and read it from there.
 */
export interface Snapshotter {
  /** Initialises the version. What its code says meanwhile goes to the log. Rejects where this server is at fault. */
  take(version: FunctionVersion, journal: Journal): Promise<Taken>;
}

export interface Journal {
  readonly log: EnvironmentLog;
  /** The name of its stream. */
  readonly stream: string;
}

export type Taken =
  | { readonly kind: 'taken'; readonly snapshot: Snapshot }
  /** The version can run, and each of its environments has to initialise by itself; a sentence without its full stop. */
  | { readonly kind: 'unfit'; readonly why: string }
  /** Its code failed. */
  | { readonly kind: 'failed'; readonly errorType: string; readonly message: string };

export interface Snapshot {
  /** A runtime in a sandbox of its own, that waits to be told what differs: its variables, and that time has passed. */
  restore(): Promise<StartedRuntime>;
  /** How many of the runtimes that were restored are there still. */
  readonly users: number;
  /** Settles when nothing can be restored any more, for whatever reason. */
  readonly lost: Promise<void>;
  /** No more is restored. What it holds is let go when its last user is gone; at once when `now`. */
  discard(how?: 'now'): Promise<void>;
}
