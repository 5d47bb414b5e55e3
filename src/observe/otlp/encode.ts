/** Spans as an OTLP/HTTP request in JSON (opentelemetry-proto, ExportTraceServiceRequest). */
import type { Attributes, Span } from '../span.ts';

const kinds = { internal: 1, server: 2 } as const;
const errorStatus = 2;

export function encoded(spans: readonly Span[]): string {
  const byResource = [...Map.groupBy(spans, ({ resource }) => resource)];
  return JSON.stringify({
    resourceSpans: byResource.map(([resource, its]) => ({
      resource: { attributes: attributesOf(resource) },
      scopeSpans: [{ scope: { name: 'lambent' }, spans: its.map(spanOf) }],
    })),
  });
}

function spanOf({ traceId, spanId, parentSpanId, name, kind, startMs, endMs, attributes, error }: Span) {
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind: kinds[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: attributesOf(attributes),
    status: error === undefined ? {} : { code: errorStatus, message: error },
  };
}

function attributesOf(attributes: Attributes) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: string | number | boolean) {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** To the microsecond: more than that a number does not hold. */
function nanoseconds(ms: number): string {
  return `${Math.round(ms * 1000)}000`;
}
