/** Lambda authorizers, TOKEN and REQUEST: a function says what its caller may invoke (reference: lambda-semantics 6.8). */

import { sourcesOf } from '../../../services/apigateway/check-authorizer.ts';
import { functionOf, withStageVariables } from '../../../services/apigateway/integration-uri.ts';
import type { AuthorizerDocument } from '../../../store/restapis/rest-record.ts';
import { readVerdict, saysUnauthorized, type Verdict, weighed } from '../../apis/authorizers/verdict.ts';
import { VerdictCache } from '../../apis/authorizers/verdict-cache.ts';
import { matchesWhole } from '../../http/bounded-regexp.ts';
import { callFunction, type FunctionCallParts } from '../../http/function-call.ts';
import { contextOf } from '../context.ts';
import { requestFields } from '../event.ts';
import { type Authorised, type Exchange, methodArn } from '../exchange.ts';
import { requestValue } from '../expression.ts';
import { accessDenied, authorizerBroken, GatewayFailure, unauthorized } from '../failure.ts';

const waitMsMax = 29_000;

export class FunctionAuthorizers {
  readonly #parts: FunctionCallParts;
  readonly #cache = new VerdictCache();

  constructor(parts: FunctionCallParts) {
    this.#parts = parts;
  }

  async check(exchange: Exchange, authorizer: AuthorizerDocument): Promise<Authorised> {
    return judged(await this.#verdict(exchange, authorizer), exchange);
  }

  /** FlushStageAuthorizersCache. */
  forget(apiId: string, stageName: string): void {
    this.#cache.forget(apiId, stageName);
  }

  async #verdict(exchange: Exchange, authorizer: AuthorizerDocument): Promise<Verdict> {
    const identity = identityOf(exchange, authorizer);
    const ttl = identity.length === 0 ? 0 : (authorizer.authorizerResultTtlInSeconds ?? 300);
    const key = { apiId: exchange.record.id, stageName: exchange.stage.stageName, authorizer, identity };
    const now = this.#parts.clock.now();
    const known = ttl > 0 ? this.#cache.get(key, now) : undefined;
    if (known !== undefined) return known;
    const verdict = await this.#asked(exchange, authorizer, identity);
    if (ttl > 0) this.#cache.put(key, verdict, now + ttl * 1000);
    return verdict;
  }

  async #asked(exchange: Exchange, authorizer: AuthorizerDocument, identity: readonly string[]): Promise<Verdict> {
    const { record, stageVariables, trace } = exchange;
    const functionArn = functionOf(withStageVariables(authorizer.authorizerUri ?? '', stageVariables));
    if (functionArn === undefined) throw authorizerBroken('The authorizer names no function');
    const result = await callFunction(this.#parts, {
      functionArn,
      service: 'apigateway.amazonaws.com',
      sourceArn: `arn:aws:execute-api:${record.region}:${record.accountId}:${record.id}/authorizers/${authorizer.id}`,
      sourceAccount: record.accountId,
      asRole: (authorizer.authorizerCredentials ?? '') !== '',
      payload: Buffer.from(JSON.stringify(eventOf(exchange, authorizer, identity))),
      requestId: this.#parts.random.uuid(),
      trace,
      waitMsMax,
    });
    if (result.kind === 'function-error' && saysUnauthorized(result.payload)) throw unauthorized('Unauthorized');
    if (result.kind !== 'success') throw failed(`The function of the authorizer failed: ${result.kind}`);
    const verdict = readVerdict(result.payload, {});
    if (verdict === undefined) throw authorizerBroken('The answer of the authorizer has not the expected form');
    return verdict;
  }
}

/** Without what it goes by, or with what cannot be right, the function is not asked. */
function identityOf(exchange: Exchange, authorizer: AuthorizerDocument): string[] {
  const named = { at: exchange, context: contextOf(exchange) };
  const identity = sourcesOf(authorizer.identitySource).map((source) => {
    const value = requestValue(named, source);
    if (value === undefined || value === '') throw unauthorized(`The identity source ${source} is missing`);
    return value;
  });
  const { type, identityValidationExpression: pattern } = authorizer;
  if (type === 'TOKEN' && pattern !== undefined && pattern !== '' && !matchesWhole(pattern, identity[0] ?? '')) {
    throw unauthorized('The token does not match the validation expression');
  }
  return identity;
}

function eventOf(exchange: Exchange, { type }: AuthorizerDocument, [token]: readonly string[]): object {
  const arn = methodArn(exchange);
  if (type === 'TOKEN') return { type, methodArn: arn, authorizationToken: token };
  return { type, methodArn: arn, ...requestFields(exchange) };
}

/** A policy that was kept is weighed anew for each request: it may name other methods than the one it was asked for. */
function judged({ allows, context, principalId = '', usageIdentifierKey }: Verdict, exchange: Exchange): Authorised {
  const { record, call } = exchange;
  const asked = { accountId: record.accountId, resource: methodArn(exchange), sourceIp: call.sourceIp };
  const { effect } = weighed(String(allows), asked);
  if (effect === 'explicit-deny')
    throw accessDenied('User is not authorized to access this resource with an explicit deny');
  if (effect !== 'allowed') throw accessDenied('User is not authorized to access this resource');
  return { kind: 'lambda', principalId, context, usageIdentifierKey };
}

function failed(why: string): GatewayFailure {
  return new GatewayFailure({
    type: 'AUTHORIZER_FAILURE',
    message: null,
    errorType: 'AuthorizerFailureException',
    why,
  });
}
