import type { Mount } from '../environments/sandbox/sandbox.ts';

/** What a language needs to run: one folder a family, one row in `runtimes/table.ts` a runtime identifier. */
export interface Runtime {
  /** As in CreateFunction: `nodejs24.x`. */
  readonly id: string;
  readonly family: 'nodejs' | 'python' | 'provided';
  /** For INIT_START: `nodejs:24.v1`. */
  readonly versionLabel: string;
  /** Whether this machine has it or can get it; `why` names where it was looked for. Cheap, answered from a look at start. */
  availability(): { readonly available: true } | { readonly available: false; readonly why: string };
  /** Fetches what is missing (progress goes to the log and to `progress`), then says how to start it. Repeatable. */
  install(context: InstallContext): Promise<InstalledRuntime>;
}

export interface InstallContext {
  readonly signal: AbortSignal;
  progress(step: { readonly what: string; readonly doneBytes: number; readonly totalBytes?: number }): void;
}

export interface InstalledRuntime {
  readonly id: string;
  /** `framed`: speaks `channel/` frames; `http`: speaks the Runtime API. */
  readonly wire: 'framed' | 'http';
  /** Whether it may be started before its function is known and told later (never so for `http`). */
  readonly generic: boolean;
  /** Whether its process can be copied once it has loaded its function (SnapStart). */
  readonly copies?: boolean;
  readonly mounts: readonly Mount[];
  /** With the placeholders of `SandboxSpec.command`. */
  readonly command: readonly string[];
  /**
   * The file that is started, where the function brings its own: from its package, or else from its layers. `command` is
   * then what follows it.
   */
  readonly entrypoint?: string;
  /** Variables that the runtime sets whatever the function (PATH, LD_LIBRARY_PATH, NODE_PATH, …), with placeholders. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of function variables that cannot be delivered after the start (NODE_OPTIONS, LD_PRELOAD, …): such a function starts cold. */
  readonly coldVariables: readonly string[];
}
