/** Lambda authorizers: a function says whether a request may pass, and what it found out about its sender. */
import { functionOfUri } from '../../../services/apigatewayv2/lambda-uri.ts';
import type { AuthorizerDocument } from '../../../store/apis/api-record.ts';
import { eventV1 } from '../../http/event-v1.ts';
import { eventV2 } from '../../http/event-v2.ts';
import { callFunction, type FunctionCallParts } from '../../http/function-call.ts';
import { type Exchange, eventPlace, routeArn } from '../exchange.ts';
import { connectEvent } from '../websocket/event.ts';
import { broken, type Checked, unauthorized } from './checked.ts';
import { identityOf } from './identity-source.ts';
import { judged, readVerdict, saysUnauthorized, type Verdict } from './verdict.ts';
import { VerdictCache } from './verdict-cache.ts';

const waitMsMax = 10_000;

export class RequestAuthorizers {
  readonly #parts: FunctionCallParts;
  readonly #cache = new VerdictCache();

  constructor(parts: FunctionCallParts) {
    this.#parts = parts;
  }

  async check(exchange: Exchange, authorizer: AuthorizerDocument): Promise<Checked> {
    const identity: string[] = [];
    for (const source of authorizer.IdentitySource ?? []) {
      const value = identityOf(exchange, source);
      // Without what it goes by, the function is not asked.
      if (value === undefined || value === '') return unauthorized(`identity source ${source} is missing`);
      identity.push(value);
    }
    const ttl = identity.length === 0 ? 0 : (authorizer.AuthorizerResultTtlInSeconds ?? 0);
    const key = { apiId: exchange.record.id, stageName: exchange.stage.StageName, authorizer, identity };
    const now = this.#parts.clock.now();
    const known = ttl > 0 ? this.#cache.get(key, now) : undefined;
    if (known !== undefined) return judged(known, exchange);
    const verdict = await this.#asked(exchange, authorizer, identity);
    if ('kind' in verdict) return verdict;
    if (ttl > 0) this.#cache.put(key, verdict, now + ttl * 1000);
    return judged(verdict, exchange);
  }

  /** ResetAuthorizersCache. */
  forget(apiId: string, stageName: string): void {
    this.#cache.forget(apiId, stageName);
  }

  async #asked(exchange: Exchange, authorizer: AuthorizerDocument, identity: string[]): Promise<Verdict | Checked> {
    const { record, stage, trace } = exchange;
    const functionArn = functionOfUri(authorizer.AuthorizerUri, stage.StageVariables);
    if (functionArn === undefined) return broken('The authorizer names no function');
    const result = await callFunction(this.#parts, {
      functionArn,
      service: 'apigateway.amazonaws.com',
      sourceArn: `arn:aws:execute-api:${record.region}:${record.accountId}:${record.id}/authorizers/${authorizer.AuthorizerId}`,
      sourceAccount: record.accountId,
      asRole: authorizer.AuthorizerCredentialsArn !== undefined,
      payload: Buffer.from(JSON.stringify(eventOf(exchange, authorizer, identity))),
      requestId: this.#parts.random.uuid(),
      trace,
      waitMsMax,
    });
    if (result.kind === 'function-error' && saysUnauthorized(result.payload)) return unauthorized('Unauthorized');
    if (result.kind !== 'success') return broken(`The function of the authorizer failed: ${result.kind}`);
    return readVerdict(result.payload, authorizer) ?? broken('The answer of the authorizer has not the expected form');
  }
}

function eventOf(
  exchange: Exchange,
  { AuthorizerPayloadFormatVersion: version }: AuthorizerDocument,
  identity: string[],
): object {
  const arn = routeArn(exchange);
  if (exchange.connection !== undefined) return { type: 'REQUEST', methodArn: arn, ...connectEvent(exchange) };
  if (version === '2.0') {
    const event: object = {
      ...eventV2(exchange.call, eventPlace(exchange)),
      body: undefined,
      isBase64Encoded: undefined,
    };
    return { version: '2.0', type: 'REQUEST', routeArn: arn, identitySource: identity, ...event };
  }
  const joined = identity.join(',');
  const event: object = {
    ...eventV1(exchange.call, eventPlace(exchange)),
    body: undefined,
    isBase64Encoded: undefined,
  };
  const own = { type: 'REQUEST', methodArn: arn, identitySource: joined, authorizationToken: joined };
  return { version: '1.0', ...own, ...event };
}
