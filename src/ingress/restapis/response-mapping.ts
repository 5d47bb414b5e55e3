/** What a client gets of an integration's answer: which response it means, its parameters, and a body that a template may have made. */
import type { IntegrationResponse } from '@aws-sdk/client-api-gateway';
import type { IntegrationDocument } from '../../store/restapis/rest-record.ts';
import { type HttpAnswer, isHeader } from '../http/answer.ts';
import { matchesWhole } from '../http/bounded-regexp.ts';
import { headerOf } from '../http/http-call.ts';
import { contextOf } from './context.ts';
import type { Exchange } from './exchange.ts';
import { type Named, requestValue } from './expression.ts';
import { configurationError } from './failure.ts';
import { bodyValue, paramsOf, render } from './request-mapping.ts';

export interface IntegrationAnswer {
  /** What selection patterns are matched with: a status, or the message of a function's error. */
  readonly selector: string | undefined;
  readonly headers: HttpAnswer['headers'];
  readonly body: Buffer;
}

export function mappedAnswer(
  exchange: Exchange,
  integration: IntegrationDocument,
  answer: IntegrationAnswer,
): HttpAnswer {
  const response = selected(integration, answer.selector);
  if (response === undefined)
    throw configurationError('No match for output mapping and no default endpoint response configured');
  const { type, body, header, status } = renderedBody(exchange, response, answer);
  const parameters = Object.entries(response.responseParameters ?? {}).flatMap(([target, expression]) => {
    const [, name = ''] = /^method\.response\.(?:header|multivalueheader)\.(.+)$/.exec(target) ?? [];
    const values = valuesOf({ at: exchange, context: contextOf(exchange) }, answer, expression);
    return values.filter((value) => isHeader(name, value)).map((value): [string, string] => [name, value]);
  });
  const own = new Set(Object.keys(header).map((name) => name.toLowerCase()));
  const headers = [
    ...parameters.filter(([name]) => !own.has(name.toLowerCase())),
    ...Object.entries(header).filter(([name, value]) => isHeader(name, value)),
  ];
  const typed = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    status: status ?? Number(response.statusCode ?? 200),
    headers: typed ? headers : [['content-type', type], ...headers],
    body,
  };
}

/** The first whose pattern matches all of it, or the one without a pattern. */
function selected(
  { integrationResponses = {} }: IntegrationDocument,
  selector: string | undefined,
): IntegrationResponse | undefined {
  const all = Object.values(integrationResponses);
  const matching =
    selector === undefined
      ? undefined
      : all.find(
          ({ selectionPattern: pattern }) => pattern !== undefined && pattern !== '' && matchesWhole(pattern, selector),
        );
  return matching ?? all.find(({ selectionPattern: pattern }) => pattern === undefined || pattern === '');
}

interface Body {
  readonly type: string;
  readonly body: Buffer;
  readonly header: Readonly<Record<string, string>>;
  readonly status: number | undefined;
}

function renderedBody(
  exchange: Exchange,
  { responseTemplates = {}, contentHandling }: IntegrationResponse,
  answer: IntegrationAnswer,
): Body {
  const type = chosenType(exchange, Object.keys(responseTemplates));
  const template = type === undefined ? undefined : responseTemplates[type];
  const itsType = headerOf(answer, 'content-type') ?? 'application/json';
  if (template === undefined || type === undefined) {
    return { type: itsType, body: converted(answer.body, contentHandling), header: {}, status: undefined };
  }
  const { text, responseHeader, status } = render(template, {
    input: { body: answer.body.toString(), params: paramsOf(exchange) },
    context: contextOf(exchange),
    stageVariables: exchange.stageVariables,
  });
  return { type, body: converted(Buffer.from(text), contentHandling), header: responseHeader, status };
}

/** What the client accepts of the types that there are templates for; JSON, or the first, when it does not say. */
function chosenType({ call }: Exchange, types: readonly string[]): string | undefined {
  const accepted = (headerOf(call, 'accept') ?? '').split(',').map((each) => each.split(';')[0]?.trim().toLowerCase());
  return (
    types.find((each) => accepted.includes(each.toLowerCase())) ??
    types.find((each) => each.toLowerCase() === 'application/json') ??
    types[0]
  );
}

function converted(body: Buffer, handling: IntegrationResponse['contentHandling']): Buffer {
  if (handling === 'CONVERT_TO_BINARY') return Buffer.from(body.toString(), 'base64');
  return handling === 'CONVERT_TO_TEXT' ? Buffer.from(body.toString('base64')) : body;
}

function valuesOf(named: Named, { headers, body }: IntegrationAnswer, expression: string): string[] {
  const [, many, name] = /^integration\.response\.(multivalue)?header\.(.+)$/.exec(expression) ?? [];
  if (name !== undefined) {
    const values = headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
    return many === undefined ? values.slice(-1) : values;
  }
  const path = /^integration\.response\.body(?:\.(.+))?$/.exec(expression);
  const value =
    path === null
      ? requestValue(named, expression)
      : path[1] === undefined
        ? body.toString()
        : bodyValue(body.toString(), path[1]);
  return value === undefined ? [] : [value];
}
