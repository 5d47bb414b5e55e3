import { OtlpExporter } from '../observe/otlp/exporter.ts';
import type { Base } from './base.ts';

/** To the collector that is named, if one is. */
export function spanExporter({ settings, clock, log }: Base): OtlpExporter | undefined {
  const { otlpEndpoint } = settings;
  if (otlpEndpoint === '') return undefined;
  // What is in OpenTelemetry's own variable was not read by our table.
  if (!URL.canParse(otlpEndpoint)) {
    log.warn('Cannot send traces: the endpoint is no URL', { endpoint: otlpEndpoint });
    return undefined;
  }
  const url = `${otlpEndpoint.replace(/\/+$/, '').replace(/\/v1\/traces$/, '')}/v1/traces`;
  return new OtlpExporter({ url, clock, log });
}
