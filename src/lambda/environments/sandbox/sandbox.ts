import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Companion, Companions } from './companions.ts';

/** A way to run a runtime apart from everything else. Every kind passes `contract.ts` for what it guarantees. */
export interface SandboxKind {
  readonly name: 'process' | 'namespace';
  readonly guarantees: Guarantees;
  /** Whether this kind works here, found out by trying; `why` is a sentence a person can act on. Once, before `start`. */
  probe(): Promise<{ readonly works: true } | { readonly works: false; readonly why: string }>;
  /** Starts the command. Resolves as soon as the process exists; the runtime then speaks for itself. */
  start(spec: SandboxSpec): Promise<Sandbox>;
  /** Why what runs here cannot be copied, where that is so. */
  readonly copiesNothing: string | undefined;
  /** Makes room for a process that the runtime of `source`, a sandbox of this kind, is about to fork. */
  makeCopy(source: Sandbox, spec: CopySpec): Promise<Copy>;
  /** Kills what is left, removes mounts, cgroups, network devices and the launcher. */
  close(): Promise<void>;
}

/** What a kind truly holds; printed at start-up and in documentation. */
export interface Guarantees {
  readonly ownFileSystem: boolean;
  readonly ownProcesses: boolean;
  readonly ownNetwork: boolean;
  readonly ownUser: boolean;
  readonly systemCallFilter: boolean;
  readonly memoryLimit: boolean;
  readonly cpuLimit: boolean;
  readonly processLimit: boolean;
  readonly tmpLimit: boolean;
  readonly freeze: boolean;
}

export interface Mount {
  /** Absolute path on this machine; a folder, shown read-only. */
  readonly source: string;
  /** Absolute path as the runtime expects it, as `/var/lang`. */
  readonly target: string;
}

export interface SandboxSpec {
  /** Environment id, `[a-z0-9-]{1,40}`, unique. */
  readonly id: string;
  /** The interpreter (`/var/lang`) and its bootstrap (`/var/runtime`). */
  readonly mounts: readonly Mount[];
  /**
   * Program and arguments. `{/var/lang}` anywhere in an argument stands for where that mount really is: the same path
   * in a namespace, the source's path in a plain process. `{/var/task}`, `{/opt}` and `{/tmp}` likewise.
   */
  readonly command: readonly string[];
  /**
   * The whole environment; nothing is inherited. Values may use the same placeholders. The kind adds where things are:
   * LAMBENT_CHANNEL, and, unless named here, AWS_LAMBDA_RUNTIME_API, AWS_ENDPOINT_URL and LAMBDA_TASK_ROOT.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** Run beside the command, which then waits until it is ordered to start. */
  readonly companions?: readonly Companion[];
  readonly tmpBytes: number;
  /** Present when the function is known at the start; otherwise `place` is called later. */
  readonly code?: Placement;
  readonly memoryBytes?: number;
  /** Shown read-write, below /mnt; only by a kind whose sandboxes have a file system of their own. */
  readonly writable?: readonly Mount[];
  /** Outward connections; never the host's own services. */
  readonly network: boolean;
}

/** What a copy has of its own; everything else is as in its source, `/tmp` with what lay in it. */
export type CopySpec = Pick<SandboxSpec, 'id' | 'tmpBytes' | 'network'> & { readonly memoryBytes: number };

/** A sandbox that waits for its process. */
export interface Copy {
  /** Where the process finds what is its own. */
  readonly places: CopyPlaces;
  /**
   * Sets a process apart that was forked in the source, has this number there, and waits. Then the source may fork the
   * next.
   */
  moveIn(pid: number): Promise<void>;
  /** It is complete: the process may open its places. When this fails, nothing is left of it. */
  open(): Promise<Sandbox>;
  /** Instead of `open`. */
  abandon(): Promise<void>;
}

export interface CopyPlaces {
  readonly channel: string;
  /** Pipes: for both outputs, and for whoever watches the runtime: `started PID`, `exit STATUS`, as shells count. */
  readonly output: string;
  readonly status: string;
  readonly tmp: string;
}

/** What is shown read-only at /var/task and /opt. */
export interface Placement {
  readonly task: string;
  readonly opt?: string;
}

/** Where things are as the runtime sees them. */
export interface SandboxPaths {
  readonly task: string;
  readonly opt: string;
  readonly tmp: string;
  /** Resolves a mount target, as `/var/runtime`. */
  at(target: string): string;
}

export interface Sandbox {
  readonly id: string;
  readonly paths: SandboxPaths;
  /**
   * The runtime's connection to the framed channel, made by the runtime itself to the unix socket named in its
   * `LAMBENT_CHANNEL` variable (the kind sets it). Only the first connection counts. Rejects when the sandbox ends first.
   */
  readonly channel: Promise<Socket>;
  /** Where the spec names some. */
  readonly companions?: Companions;
  /** What the runtime and its children write to standard output and standard error, merged, raw. Ends after exit. */
  readonly output: Readable;
  /** Settles once, when every process in the sandbox is gone. */
  readonly exited: Promise<ExitReason>;
  /** `host:port` of this environment's Runtime API, and the URL of the AWS endpoint, as seen from inside. */
  readonly runtimeApi: string;
  readonly awsEndpoint: string;
  /** Shows the code. Once only, and only when the spec had none. */
  place(code: Placement): Promise<void>;
  setMemoryLimit(bytes: number): void;
  /** `vcpus` in units of one processor; undefined lifts the limit. */
  setCpuLimit(vcpus: number | undefined): void;
  /** Stops the clock of every process inside; cheap (tens of microseconds). Idempotent. */
  freeze(): void;
  thaw(): void;
  /** To what listens inside, at any address of its own. */
  connect(port: number): Socket;
  /** Sends SIGTERM to the runtime process. */
  terminate(): void;
  /** Kills everything inside and cleans up; resolves when it is gone. Idempotent. */
  kill(): Promise<void>;
  /** Peak bytes since the start. In a kind that cannot limit memory: the runtime process's own peak resident size. */
  memoryPeak(): number;
  /** How often the kernel killed something in here for want of memory. */
  outOfMemoryKills(): number;
}

export interface ExitReason {
  readonly code?: number;
  readonly signal?: NodeJS.Signals;
}

/**
 * What answers inside an environment at its own address: the Runtime API (HTTP) and this server's AWS endpoint. The kind
 * listens where the environment can reach it and nobody else, and hands each connection over with the environment's id.
 */
export interface SandboxDoors {
  runtimeApi(socket: Socket, environmentId: string): void;
  awsEndpoint(socket: Socket): void;
}
