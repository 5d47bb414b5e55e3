import type { Clock } from '../../../base/clock.ts';
import type { StartedRuntime } from '../started-runtime.ts';
import { Extensions, type ExtensionsEvent, type ExtensionsParts } from './extensions.ts';

/** Whoever hears of extensions before there is a runtime, and where they can be asked for. */
export interface AccompanimentParts extends Omit<ExtensionsParts, 'tell'> {
  /** Hears what comes before the sandbox stands. */
  readonly early: (event: ExtensionsEvent) => void;
  /** Opens the door for calls from inside. */
  open(extensions: Extensions): Disposable;
}

/** The extensions of a sandbox that is being started: they may speak before the start has returned. */
export class Accompaniment implements Disposable {
  readonly extensions: Extensions;
  readonly #door: Disposable;
  #started: StartedRuntime | undefined;

  constructor(parts: AccompanimentParts) {
    this.extensions = new Extensions({
      ...parts,
      // What a discarded runtime's extensions do concerns nobody; its successor least of all.
      tell: (event) => (this.#started === undefined ? parts.early(event) : this.#started.extensionsEvent(event)),
    });
    this.#door = parts.open(this.extensions);
  }

  join(started: StartedRuntime, clock: Clock): void {
    this.#started = started;
    started.accompany(this.extensions, clock);
    this.extensions.telemetry.connectWith((port) => started.sandbox.connect(port));
    started.keep(this.#door);
  }

  /** The start failed. */
  [Symbol.dispose](): void {
    this.extensions.close();
    this.#door[Symbol.dispose]();
  }
}
