/** A failure as its API wants it answered. Templates of gateway responses have variables and nothing else. */
import { effectiveResponse } from '../../services/apigateway/gateway-responses.ts';
import { type HttpAnswer, isHeader } from '../http/answer.ts';
import { headerOf } from '../http/http-call.ts';
import { contextOf, contextText } from './context.ts';
import type { Arrival, Exchange } from './exchange.ts';
import { type Named, requestValue } from './expression.ts';
import type { GatewayFailure } from './failure.ts';

export function gatewayAnswer(at: Arrival | Exchange, failure: GatewayFailure): HttpAnswer {
  const { notes, content } = at;
  notes.errorMessage = failure.text;
  notes.errorType = failure.type;
  if (failure.why !== undefined) notes.integrationError ??= failure.why;
  const response = effectiveResponse(content, failure.type);
  const status = Number(response.statusCode ?? failure.status ?? 500);
  notes.status = status;
  const own: [string, string] = ['x-amzn-ErrorType', failure.errorType];
  if (response.defaultResponse) {
    return { status, headers: [['content-type', 'application/json'], own], body: Buffer.from(failure.body) };
  }
  const named = { at, context: contextOf(at) };
  const { type, body } = rendered(named, response.responseTemplates ?? {});
  const added = parametersOf(named, response.responseParameters ?? {});
  const typed = added.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status,
    headers: [...(typed ? [] : [['content-type', type] as const]), own, ...added],
    body: Buffer.from(body),
  };
}

function parametersOf(named: Named, parameters: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(parameters).flatMap(([target, expression]) => {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
    const value = requestValue(named, expression);
    return name === undefined || value === undefined || !isHeader(name, value) ? [] : [[name, value]];
  });
}

/** The template that the client accepts, or the first. */
function rendered(named: Named, templates: Readonly<Record<string, string>>): { type: string; body: string } {
  const accept = headerOf(named.at.call, 'accept') ?? '';
  const types = Object.keys(templates);
  const type =
    types.find((each) => accept.includes(each)) ?? types.find((each) => each === 'application/json') ?? types[0];
  if (type === undefined) return { type: 'application/json', body: '' };
  return { type, body: filled(named, templates[type] ?? '') };
}

const variable = /\$(?:\{([\w.-]+)\}|(context(?:\.\w+)+|stageVariables\.\w+|method\.request(?:\.[\w-]+){2}))/g;

function filled(named: Named, template: string): string {
  return template.replace(variable, (_, braced?: string, plain?: string) => {
    const name = braced ?? plain ?? '';
    if (name.startsWith('context.')) return contextText(named.context, name.slice('context.'.length)) ?? '';
    return requestValue(named, name) ?? '';
  });
}
