import { resourceInUse, resourceNotFound } from '../../model/errors.ts';
import { type Mapping, mappingKey } from '../../model/mapping/mapping.ts';
import type { Place, ResourceStore } from '../../model/resources.ts';

export function existingMapping(resources: ResourceStore, place: Place, uuid: string | undefined): Mapping {
  const mapping = resources.get('mapping', mappingKey(place, (uuid ?? '').toLowerCase()));
  if (mapping === undefined) throw resourceNotFound('The resource you requested does not exist.');
  return mapping;
}

export function mappingInUse(action: 'update' | 'delete'): Error {
  return resourceInUse(`Cannot ${action} the event source mapping because it is in use.`);
}
