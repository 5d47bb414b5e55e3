import { invalidParameterValue } from '../errors.ts';
import type { MappingConfiguration, SourceKind } from './mapping.ts';
import { sourceRules } from './source-rules.ts';

/** How many read and how many run at once; one way of saying it excludes the other. */
export function checkScaling(source: SourceKind, configuration: MappingConfiguration): void {
  const { ScalingConfig, ProvisionedPollerConfig: pollers, MetricsConfig } = configuration;
  if (pollers !== undefined) {
    checkPollers(source, pollers);
    if (ScalingConfig !== undefined) {
      throw invalidParameterValue('ScalingConfig and ProvisionedPollerConfig cannot be specified together.');
    }
  }
  if (MetricsConfig?.Metrics?.includes('KafkaMetrics') && source !== 'msk' && source !== 'self-managed-kafka') {
    throw invalidParameterValue('KafkaMetrics are those of Kafka event sources only.');
  }
}

function checkPollers(source: SourceKind, pollers: NonNullable<MappingConfiguration['ProvisionedPollerConfig']>): void {
  const { pollersMin, pollersMax, label } = sourceRules[source];
  const { MinimumPollers: least = pollersMin, MaximumPollers: most = pollersMax, PollerGroupName } = pollers;
  for (const count of [least, most]) {
    if (count >= pollersMin && count <= pollersMax) continue;
    throw invalidParameterValue(
      `ProvisionedPollerConfig of ${label} takes from ${pollersMin} to ${pollersMax} pollers: ${count}`,
    );
  }
  if (least > most) throw invalidParameterValue('MinimumPollers must not be greater than MaximumPollers.');
  if (PollerGroupName && source === 'sqs') {
    throw invalidParameterValue('PollerGroupName is that of Kafka event sources only.');
  }
}
