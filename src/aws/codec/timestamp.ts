/** Timestamps as text and numbers. Formats: `date-time` (ISO 8601), `http-date` (RFC 7231), `epoch-seconds`. */
import { serializationError } from './serialization.ts';

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

export function timestampText(date: Date, format: TimestampFormat): string {
  if (format === 'date-time') return isoText(date);
  if (format === 'http-date') return date.toUTCString();
  return String(date.getTime() / 1000);
}

/** AWS leaves the fraction out when there is none. */
export function isoText(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}

/** Clients differ from the model's format now and then, so any of the three is understood. */
export function readTimestamp(value: unknown): Date {
  const ms = typeof value === 'number' ? value * 1000 : typeof value === 'string' ? textMs(value) : Number.NaN;
  const date = new Date(Math.round(ms));
  if (Number.isNaN(date.getTime())) throw serializationError('Unable to parse the value as a timestamp');
  return date;
}

function textMs(text: string): number {
  return /^-?[0-9.]+(e[0-9+]+)?$/i.test(text) ? Number(text) * 1000 : Date.parse(text);
}
