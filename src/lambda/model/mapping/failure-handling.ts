import { invalidParameterValue } from '../errors.ts';
import type { MappingConfiguration, SourceKind } from './mapping.ts';
import { isFifo } from './source-rules.ts';

const recordAgeSecondsMin = 60;
const destinations = /^arn:aws[a-zA-Z-]*:(sqs:[a-z0-9-]+:\d{12}:|sns:[a-z0-9-]+:\d{12}:|s3:::)[\w./-]+$/;

/** What happens to records that a function cannot take. */
export function checkFailureHandling(source: SourceKind, configuration: MappingConfiguration): void {
  const { MaximumRecordAgeInSeconds: age = -1, DestinationConfig } = configuration;
  if (age !== -1 && age < recordAgeSecondsMin) {
    throw invalidParameterValue(
      `MaximumRecordAgeInSeconds must be -1, for records of any age, or from ${recordAgeSecondsMin} to 604800: ${age}`,
    );
  }
  if (DestinationConfig?.OnSuccess?.Destination) {
    throw invalidParameterValue('Unsupported DestinationConfig parameter for given event source mapping type.');
  }
  const target = DestinationConfig?.OnFailure?.Destination;
  if (target !== undefined) checkDestination(source, target);
}

function checkDestination(source: SourceKind, arn: string): void {
  const kafka = source === 'msk' || source === 'self-managed-kafka';
  if (kafka && arn.startsWith('kafka://')) return;
  if (destinations.test(arn) && !isFifo(arn)) return;
  throw invalidParameterValue(
    `The provided destination config DestinationConfig(onSuccess=null, onFailure=OnFailure(destination=${arn})) is invalid.`,
  );
}
