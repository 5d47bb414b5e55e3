/** What stands behind a method, by its type. */
import type { HttpAnswer } from '../http/answer.ts';
import type { FunctionCallParts } from '../http/function-call.ts';
import type { Exchange } from './exchange.ts';
import { configurationError } from './failure.ts';
import { functionProxy } from './function-proxy.ts';

export type IntegrationParts = FunctionCallParts;

export async function integrated(parts: IntegrationParts, exchange: Exchange): Promise<HttpAnswer> {
  const { methodIntegration: integration } = exchange.method;
  if (integration === undefined) throw configurationError('No integration defined for method');
  const from = parts.clock.monotonic();
  try {
    if (integration.type === 'AWS_PROXY') return await functionProxy(parts, exchange, integration);
    throw configurationError('not yet');
  } finally {
    exchange.notes.integrationLatencyMs = Math.round(parts.clock.monotonic() - from);
  }
}
