/** Headers that AWS adds to what a function is told: where a request came from, and its trace. */
import { byName, type HttpCall, headerOf } from './http-call.ts';

const ours = new Set(['x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto', 'x-amzn-trace-id']);
/** Of one connection, and so of no interest behind it. */
const hopByHop = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'expect', 'http2-settings', 'proxy-connection'],
]);

export function isHopByHop(name: string): boolean {
  return hopByHop.has(name.toLowerCase());
}

export function forwardedHeaders(call: HttpCall, trace: string): (readonly [string, string])[] {
  const before = headerOf(call, 'x-forwarded-for');
  return [
    ...call.headers.filter(([name]) => !ours.has(name.toLowerCase()) && !isHopByHop(name)),
    ['x-amzn-trace-id', trace],
    ['x-forwarded-for', before === undefined ? call.sourceIp : `${before}, ${call.sourceIp}`],
    ['x-forwarded-port', String(call.port)],
    ['x-forwarded-proto', call.scheme],
  ];
}

const asWritten = new Map(
  ['X-Amzn-Trace-Id', 'X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto', 'Host'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);

/** As REST and WebSocket APIs tell them: every name as it was sent, and what AWS adds as it writes it. */
export function writtenHeaders(call: HttpCall, trace: string): Map<string, string[]> {
  return byName(forwardedHeaders(call, trace).map(([name, value]) => [asWritten.get(name) ?? name, value]));
}
