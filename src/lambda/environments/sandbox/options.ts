import type { Clock } from '../../../base/clock.ts';
import type { Log } from '../../../observe/log.ts';
import type { SandboxDoors } from './sandbox.ts';

/** What every kind needs from the server. */
export interface KindOptions {
  readonly doors: SandboxDoors;
  readonly log: Log;
  readonly clock: Clock;
  /** The port that this server's AWS endpoint has; environments find it at the same port of their own address. */
  readonly awsPort: number;
  /** Opens a port for plain processes alone, where they cannot speak with the other one. */
  readonly ownAwsPort?: (() => Promise<number>) | undefined;
  /**
   * A folder for this server alone, made when missing: sockets and `/tmp` of plain processes, disk images behind `/tmp`
   * of namespaces. On a disk rather than in memory.
   */
  readonly stateDir: string;
}
