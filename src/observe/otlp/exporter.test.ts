import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import type { Log } from '../log.ts';
import type { Span } from '../span.ts';
import { OtlpExporter } from './exporter.ts';

const resource = { 'service.name': 'hello' };

function span(spanId: string, more: Partial<Span> = {}): Span {
  const ids = { traceId: '5759e988bd862e3fe1be46a994272793', spanId };
  return { ...ids, name: 'hello', kind: 'server', startMs: 1, endMs: 2.5, attributes: {}, resource, ...more };
}

/** A collector that answers with these statuses, one after the other, and then with 200. */
async function collecting(statuses: (number | 'nothing')[] = []) {
  const bodies: { resourceSpans: { resource: unknown; scopeSpans: { spans: Record<string, unknown>[] }[] }[] }[] = [];
  const unanswered: ServerResponse[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    bodies.push(JSON.parse(body));
    const status = statuses.shift() ?? 200;
    if (status === 'nothing') unanswered.push(response);
    else response.writeHead(status).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const lines: string[] = [];
  const say = (message: string, fields?: object) => lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: say, info: say, warn: say, error: say };
  const exporter = new OtlpExporter({ url: `http://127.0.0.1:${port}/v1/traces`, clock: systemClock, log });
  const spans = () =>
    bodies.flatMap(({ resourceSpans }) => resourceSpans.flatMap((each) => each.scopeSpans[0]?.spans ?? []));
  return {
    exporter,
    bodies,
    lines,
    spans,
    async [Symbol.asyncDispose]() {
      await exporter.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

test('spans arrive in the shape of OTLP, by resource', async () => {
  await using collector = await collecting();
  const { exporter, bodies } = collector;
  exporter.add(
    span('00f067aa0ba902b7', { parentSpanId: '53995c3f42cd8ad8', attributes: { a: 'x', b: true, c: 3, d: 1.5 } }),
  );
  exporter.add(
    span('00f067aa0ba902b8', { error: 'Sandbox.Timedout', kind: 'internal', resource: { 'service.name': 'other' } }),
  );
  await exporter.close();
  assert.deepEqual(bodies[0]?.resourceSpans[0], {
    resource: { attributes: [{ key: 'service.name', value: { stringValue: 'hello' } }] },
    scopeSpans: [
      {
        scope: { name: 'lambent' },
        spans: [
          {
            traceId: '5759e988bd862e3fe1be46a994272793',
            spanId: '00f067aa0ba902b7',
            parentSpanId: '53995c3f42cd8ad8',
            name: 'hello',
            kind: 2,
            startTimeUnixNano: '1000000',
            endTimeUnixNano: '2500000',
            attributes: [
              { key: 'a', value: { stringValue: 'x' } },
              { key: 'b', value: { boolValue: true } },
              { key: 'c', value: { intValue: '3' } },
              { key: 'd', value: { doubleValue: 1.5 } },
            ],
            status: {},
          },
        ],
      },
    ],
  });
  const other = bodies[0]?.resourceSpans[1]?.scopeSpans[0]?.spans[0];
  assert.deepEqual([other?.kind, other?.status], [1, { code: 2, message: 'Sandbox.Timedout' }]);
});

test('a collector in trouble is asked again, one that refuses is not', async () => {
  await using troubled = await collecting([503]);
  troubled.exporter.add(span('00f067aa0ba902b7'));
  for (let tries = 0; tries < 100 && troubled.bodies.length < 2; tries += 1) await systemClock.sleep(50);
  assert.equal(troubled.bodies.length, 2);
  assert.deepEqual(troubled.lines, []);
  await using refusing = await collecting([400]);
  refusing.exporter.add(span('00f067aa0ba902b7'));
  await refusing.exporter.close();
  assert.equal(refusing.bodies.length, 1);
  assert.match(refusing.lines.join(), /dropped some .*HTTP 400.*"droppedSoFar":1/);
});

test('what a silent collector does not take is bounded, and a stop does not wait for it', async () => {
  await using collector = await collecting(['nothing']);
  for (let n = 0; n < 10_000; n += 1) collector.exporter.add(span(String(n).padStart(16, '0')));
  await collector.exporter.close();
  assert.match(collector.lines.join(), /dropped some/);
  assert.ok(collector.spans().length <= 9 * 512, `${collector.spans().length} were sent`);
});
