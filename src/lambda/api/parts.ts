import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Turns } from '../../base/turns.ts';
import type { Admission } from '../invoke/admit.ts';
import type { AsyncStore } from '../invoke/async-store.ts';
import type { Door, StreamingDoor } from '../invoke/door.ts';
import type { Recursion } from '../invoke/recursion.ts';
import type { TraceSampler } from '../invoke/trace-sampler.ts';
import type { CodeSource } from '../model/code-source.ts';
import type { CodeStore } from '../model/code-store.ts';
import type { Architecture } from '../model/configuration.ts';
import type { ExecutionRoles } from '../model/execution-roles.ts';
import type { FunctionVersion } from '../model/function.ts';
import type { FunctionStore } from '../model/function-store.ts';
import type { Mapping } from '../model/mapping/mapping.ts';
import type { ResourceStore } from '../model/resources.ts';
import type { Provisioner } from '../reconcile/provisioner.ts';
import type { Runtime } from '../runtimes/runtime.ts';

/** What Lambda's operations are made of; `main.ts` puts it together. */
export interface LambdaParts {
  readonly functions: FunctionStore;
  readonly resources: ResourceStore;
  readonly code: CodeStore;
  /** Packages that lie in buckets. */
  readonly packages: CodeSource;
  readonly async: AsyncStore;
  readonly door: Door & StreamingDoor;
  /** Told of what is reserved for functions. */
  readonly admission: Admission;
  /** Told which functions may be in a loop. */
  readonly recursion: Recursion;
  readonly sampler: TraceSampler;
  /** Has to hear of every change of what a function is to have ready. */
  readonly provisioner: Provisioner;
  /** For changes that look first at what others have. */
  readonly turns: Turns;
  /** By identifier, as `nodejs24.x`. */
  readonly runtimes: ReadonlyMap<string, Runtime>;
  /** Signs links to packages. */
  readonly serverSecret: Buffer;
  readonly clock: Clock;
  readonly random: Random;
  /** An unfinished record was written: the reconciler has work. */
  kick(): void;
  /** A version was published that waits for its snapshot. */
  snapshotWanted(version: FunctionVersion): void;
  /** An asynchronous event was accepted: the queue has work. */
  asyncAccepted(): void;
  /** Nothing new runs this snapshot any more; its environments may go. */
  retired(version: FunctionVersion): void;
  /** A package other than a function's may be needed no longer. */
  released(): void;
  readonly mappings: MappingParts;
  readonly roles: ExecutionRoles;
  readonly settings: LambdaSettings;
}

/** What operations on event source mappings ask of what reads the sources. */
export interface MappingParts {
  /** A mapping was written: the reconciler has work. */
  kick(mapping: Mapping): void;
  /** What came of the last records of the mapping with this UUID. */
  lastResult(uuid: string): string | undefined;
  /** Throws AWS's error when the source is not there, or does not fit the function, as far as that can be told. */
  check(mapping: Mapping, functionTimeoutSeconds: number): Promise<void>;
}

export interface LambdaSettings {
  /** Of an account in a region. */
  readonly concurrentExecutions: number;
  /** Of all packages of an account in a region. */
  readonly codeStorageBytesMax: number;
  /** What this machine runs. */
  readonly architecture: Architecture;
}
