import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Settings } from '../config/settings.ts';
import type { Log } from '../observe/log.ts';
import type { Store } from '../store/open.ts';

/** What every part of the server is made with. */
export interface Base {
  readonly settings: Settings;
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}
