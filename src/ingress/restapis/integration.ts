/** What stands behind a method, by its type. */
import type { IntegrationDocument } from '../../store/restapis/rest-record.ts';
import type { HttpAnswer } from '../http/answer.ts';
import type { Proxied } from '../http/outgoing-call.ts';
import type { Streaming } from '../url/stream.ts';
import type { Exchange } from './exchange.ts';
import { configurationError } from './failure.ts';
import { type CustomParts, functionCustom } from './function-custom.ts';
import { functionProxy, functionStream } from './function-proxy.ts';
import { httpCustom, httpProxy } from './http-backend.ts';
import { mock } from './mock.ts';

/** An answer, or one that is still being written. */
export async function integrated(parts: CustomParts, exchange: Exchange): Promise<HttpAnswer | Streaming | Proxied> {
  const { methodIntegration: integration } = exchange.method;
  if (integration === undefined) throw configurationError('No integration defined for method');
  const from = parts.clock.monotonic();
  try {
    return await answerOf(parts, exchange, integration);
  } finally {
    exchange.notes.integrationLatencyMs = Math.round(parts.clock.monotonic() - from);
  }
}

function answerOf(
  parts: CustomParts,
  exchange: Exchange,
  integration: IntegrationDocument,
): HttpAnswer | Promise<HttpAnswer | Streaming | Proxied> {
  switch (integration.type) {
    case 'AWS_PROXY':
      return integration.responseTransferMode === 'STREAM'
        ? functionStream(parts, exchange, integration)
        : functionProxy(parts, exchange, integration);
    case 'AWS':
      return functionCustom(parts, exchange, integration);
    case 'HTTP_PROXY':
      return httpProxy(parts, exchange, integration);
    case 'HTTP':
      return httpCustom(parts, exchange, integration);
    case 'MOCK':
      return mock(exchange, integration);
    default:
      throw configurationError('No integration defined for method');
  }
}
