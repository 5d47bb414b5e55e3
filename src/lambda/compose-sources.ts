import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Log } from '../observe/log.ts';
import type { MappingParts } from './api/parts.ts';
import type { ResourceStore } from './model/resources.ts';
import { MappingReconciler } from './reconcile/mapping-reconciler.ts';
import { EventSources } from './sources/event-sources.ts';

export interface SourcePlaneParts {
  readonly resources: ResourceStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What reads event sources, and what makes it do what mappings say. */
export interface SourcePlane {
  /** For the operations. */
  readonly mappings: MappingParts;
  /** Takes up what is kept, once functions can be invoked. */
  begin(): void;
  /** Takes no more records; resolves when what was taken is settled. */
  stop(): Promise<void>;
}

export function createSourcePlane(parts: SourcePlaneParts): SourcePlane {
  const sources = new EventSources();
  const reconciler = new MappingReconciler({ ...parts, readers: sources });
  return {
    mappings: {
      kick: (mapping) => reconciler.kick(mapping),
      lastResult: (uuid) => sources.lastResult(uuid),
      check: (mapping, timeoutSeconds) => sources.check(mapping, timeoutSeconds),
    },
    begin: () => reconciler.begin(),
    stop: () => reconciler.close(),
  };
}
