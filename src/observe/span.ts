export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** One piece of a trace, as OpenTelemetry has it: ids are W3C's, in hexadecimal. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: 'internal' | 'server';
  /** Milliseconds since the epoch, with fractions. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  /** What went wrong, where something did. */
  readonly error?: string;
  /** Whose it is; the same object for the same. */
  readonly resource: Attributes;
}

/** Called on the way of an invocation: cheap, never throws. */
export interface SpanSink {
  add(span: Span): void;
}
