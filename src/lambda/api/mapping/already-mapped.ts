import { resourceConflict } from '../../model/errors.ts';
import { claimKey, endpointsOf, type Mapping, mappedFunctionArn } from '../../model/mapping/mapping.ts';
import type { ResourceStore } from '../../model/resources.ts';

/** AWS's text differs by source; the spaces inside the quotes are its own. */
export function alreadyMapped(resources: ResourceStore, mapping: Mapping): Error {
  const uuid = resources.get('mapping-claim', claimKey(mapping))?.uuid ?? '';
  return resourceConflict(`${sentence(mapping)} Please update or delete the existing mapping with UUID ${uuid}`);
}

function sentence(mapping: Mapping): string {
  const { source, functionName, qualifier, configuration } = mapping;
  const { EventSourceArn: arn, Topics = [] } = configuration;
  const name = qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
  if (source === 'sqs') {
    return `An event source mapping with SQS arn (" ${arn} ") and function (" ${name} ") already exists.`;
  }
  if (Topics.length === 0)
    return `The event source arn (" ${arn} ") and function (" ${name} ") provided mapping already exists.`;
  const from = arn ?? endpointsOf(mapping);
  return `An event source mapping with event source ("${from}"), function ("${mappedFunctionArn(mapping)}"), topics ("${Topics.join()}") already exists.`;
}
