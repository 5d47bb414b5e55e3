/** What an extension wants to be told, as it asks for it (reference: lambda-semantics 3.6). */

export const eventTypes = ['platform', 'function', 'extension'] as const;
export type EventType = (typeof eventTypes)[number];

export type Api = 'telemetry' | 'logs';

export interface Subscription {
  readonly api: Api;
  readonly schemaVersion: string;
  readonly types: readonly EventType[];
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly destination: Destination;
}

export type Destination =
  | { readonly protocol: 'HTTP'; readonly port: number; readonly host: string; readonly path: string }
  /** One JSON object a line. */
  | { readonly protocol: 'TCP'; readonly port: number };

const schemaVersions: Readonly<Record<Api, readonly string[]>> = {
  telemetry: ['2022-07-01', '2022-12-13', '2025-01-29'],
  logs: ['2020-08-15', '2021-03-18'],
};

/** The environment's own doors. */
const portsTaken = [9001];

/** A subscription, or what is wrong with it. */
export function subscriptionOf(api: Api, body: Buffer): Subscription | string {
  const given = objectOf(body);
  if (given === undefined) return 'The request body is not a JSON object';
  const [oldest = ''] = schemaVersions[api];
  const schemaVersion = given.schemaVersion ?? oldest;
  if (typeof schemaVersion !== 'string' || !schemaVersions[api].includes(schemaVersion)) {
    return `schemaVersion must be one of ${schemaVersions[api].join(', ')}`;
  }
  const types = typesOf(given.types);
  if (typeof types === 'string') return types;
  const buffering = bufferingOf(given.buffering);
  if (typeof buffering === 'string') return buffering;
  const destination = destinationOf(given.destination);
  return typeof destination === 'string' ? destination : { api, schemaVersion, types, ...buffering, destination };
}

function typesOf(given: unknown): readonly EventType[] | string {
  const all = Array.isArray(given) && given.length > 0 && given.every((type) => eventTypes.includes(type));
  return all ? eventTypes.filter((type) => given.includes(type)) : `types must name some of ${eventTypes.join(', ')}`;
}

type Buffering = Pick<Subscription, 'maxItems' | 'maxBytes' | 'timeoutMs'>;

const limits: Readonly<Record<keyof Buffering, { least: number; most: number; usual: number }>> = {
  maxItems: { least: 1000, most: 10_000, usual: 10_000 },
  maxBytes: { least: 262_144, most: 1_048_576, usual: 262_144 },
  timeoutMs: { least: 25, most: 30_000, usual: 1000 },
};

function bufferingOf(given: unknown): Buffering | string {
  const asked = (given ?? {}) as Readonly<Record<string, unknown>>; // read member by member
  const buffering: Record<keyof Buffering, number> = { maxItems: 0, maxBytes: 0, timeoutMs: 0 };
  for (const name of ['maxItems', 'maxBytes', 'timeoutMs'] as const) {
    const { least, most, usual } = limits[name];
    const value = asked[name] ?? usual;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      return `buffering.${name} must be a whole number from ${least} to ${most}`;
    }
    buffering[name] = value;
  }
  return buffering;
}

function destinationOf(given: unknown): Destination | string {
  const { protocol, URI, port } = (given ?? {}) as Readonly<Record<string, unknown>>; // read member by member
  if (protocol === 'TCP') return usable(port) ? { protocol, port } : 'destination.port must be a free port';
  if (protocol !== 'HTTP') return 'destination.protocol must be HTTP or TCP';
  const url = typeof URI === 'string' && URL.canParse(URI) ? new URL(URI) : undefined;
  const inside = url !== undefined && ['sandbox.localdomain', 'sandbox'].includes(url.hostname);
  if (url?.protocol !== 'http:' || !inside)
    return 'destination.URI must be of the form http://sandbox.localdomain:8080/path';
  const at = Number(url.port || 80);
  if (!usable(at)) return 'destination.URI must name a free port';
  return { protocol, port: at, host: url.host, path: url.pathname + url.search };
}

function usable(port: unknown): port is number {
  return Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536 && !portsTaken.includes(Number(port));
}

function objectOf(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
    return plain ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
