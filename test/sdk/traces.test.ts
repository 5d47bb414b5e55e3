/** Traces of invocations, as an OpenTelemetry collector gets them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, type LambdaClient, PutFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { startServer } from '../harness/server.ts';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: { key: string; value: Record<string, unknown> }[];
  readonly status: { code?: number };
}

async function collector() {
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    assert.equal(request.url, '/v1/traces');
    for (const { scopeSpans } of body.resourceSpans) spans.push(...scopeSpans[0].spans);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  /** Once there are so many of that name. */
  const named = async (name: string, count: number) => {
    for (let tries = 0; tries < 100 && spans.filter((span) => span.name === name).length < count; tries += 1)
      await sleep(50);
    return spans.filter((span) => span.name === name);
  };
  return {
    url,
    spans,
    named,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const attribute = (span: Span | undefined, name: string) =>
  Object.values(span?.attributes.find(({ key }) => key === name)?.value ?? {})[0];

/** From now on with every request. */
function sendTrace(client: LambdaClient, header: string): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (typeof request === 'object' && request !== null && 'headers' in request) {
        Object.assign(Object(request.headers), { 'x-amzn-trace-id': header });
      }
      return next(args);
    },
    { step: 'build', name: 'trace', override: true },
  );
}

test('a sampled invocation is a span with its phases, below its caller’s and above what it calls', async () => {
  using collecting = await collector();
  await using server = await startServer({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collecting.url } });
  const client = lambdaClient(server.endpoint);
  const TracingConfig = { Mode: 'Active' as const };
  const source = `exports.handler = async (event) => {
    if (event.fail) throw new TypeError('no');
    return process.env._X_AMZN_TRACE_ID;
  };`;
  await createFunction(client, { name: 'traced', zip: nodePackage(source), TracingConfig });
  await createFunction(client, { name: 'untraced', zip: nodePackage(source) });
  await invoke(client, 'untraced');
  const caller = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8';
  // The first in its second.
  sendTrace(client, caller);
  const { payload, tail } = await invoke(client, 'traced');
  const [span] = await collecting.named('traced', 1);
  assert.equal(span?.traceId, '5759e988bd862e3fe1be46a994272793');
  assert.equal(span?.parentSpanId, '53995c3f42cd8ad8');
  assert.ok(String(payload).includes(`Parent=${span?.spanId};Sampled=1`), String(payload));
  assert.ok(
    tail.includes(`XRAY TraceId: 1-5759e988-bd862e3fe1be46a994272793\tSegmentId: ${span?.spanId}\tSampled: true`),
  );
  assert.deepEqual([attribute(span, 'faas.coldstart'), span?.status], [true, {}]);
  const phases = collecting.spans.filter(({ parentSpanId }) => parentSpanId === span?.spanId);
  assert.deepEqual(phases.map(({ name }) => name).sort(), ['init', 'invoke']);
  for (const { startTimeUnixNano, endTimeUnixNano } of phases) {
    assert.ok(BigInt(startTimeUnixNano) >= BigInt(span?.startTimeUnixNano ?? 0));
    assert.ok(BigInt(endTimeUnixNano) <= BigInt(span?.endTimeUnixNano ?? 0));
  }
  sendTrace(client, `${caller};Sampled=1`);
  await invoke(client, 'traced', { fail: true });
  const failed = (await collecting.named('traced', 2))[1];
  assert.deepEqual([failed?.status.code, attribute(failed, 'error.type')], [2, 'TypeError']);
  assert.deepEqual(await collecting.named('untraced', 0), []);
});

test('events from the queue are traced too, and what waits is sent before a stop', async () => {
  using collecting = await collector();
  await using server = await startServer({ flags: ['--otlp-endpoint', `${collecting.url}/`] });
  const client = lambdaClient(server.endpoint);
  const TracingConfig = { Mode: 'Active' as const };
  const FunctionName = 'queued';
  await createFunction(client, {
    name: FunctionName,
    zip: nodePackage('exports.handler = async () => 1;'),
    TracingConfig,
  });
  await client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }));
  sendTrace(client, 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1');
  await client.send(new InvokeCommand({ FunctionName, InvocationType: 'Event' }));
  for (let n = 0; n < 5; n += 1) await invoke(client, FunctionName);
  await sleep(300);
  assert.equal(await server.stop(), 0);
  assert.equal((await collecting.named(FunctionName, 6)).length, 6);
});
