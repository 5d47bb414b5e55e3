import type { Mapping } from '../model/mapping/mapping.ts';
import { put, type ResourceKey, type ResourceStore } from '../model/resources.ts';
import type { Checkpoints } from './stream.ts';

/** Beside the mapping, whose end they do not outlive. */
export function keptCheckpoints(resources: ResourceStore, mapping: Mapping): Checkpoints {
  const key = (lane: string): ResourceKey => ({
    accountId: mapping.accountId,
    region: mapping.region,
    owner: mapping.uuid,
    name: lane,
  });
  return {
    get: (lane) => resources.get('mapping-checkpoint', key(lane)),
    async put(lane, checkpoint) {
      await resources.write([put('mapping-checkpoint', key(lane), checkpoint)]);
    },
  };
}
