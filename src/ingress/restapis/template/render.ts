/** A mapping template over one request or response, and what it has overridden on the way. */
import type { ContextValues } from '../context.ts';
import { Evaluation } from './evaluate.ts';
import { type InputSource, inputObject, utilObject } from './objects.ts';
import { fromJson, textOf, type Value } from './values.ts';

export interface TemplateInput {
  readonly input: InputSource;
  readonly context: ContextValues;
  readonly stageVariables: Readonly<Record<string, string>>;
}

export interface Rendered {
  readonly text: string;
  /** Of a request. */
  readonly header: Readonly<Record<string, string>>;
  readonly path: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  /** Of a response. */
  readonly responseHeader: Readonly<Record<string, string>>;
  readonly status: number | undefined;
}

/** Throws `TemplateError`. */
export function renderTemplate(template: string, { input, context, stageVariables }: TemplateInput): Rendered {
  const request = new Map<string, Value>(['header', 'path', 'querystring'].map((name) => [name, new Map()]));
  const response = new Map<string, Value>([['header', new Map()]]);
  const shown = fromJson(context);
  const values = shown instanceof Map ? shown : new Map<string, Value>();
  values.set('requestOverride', request);
  values.set('responseOverride', response);
  const variables = new Map<string, Value>([
    ['input', inputObject(input)],
    ['context', values],
    ['stageVariables', fromJson(stageVariables)],
    ['util', utilObject],
  ]);
  const text = new Evaluation(variables).render(template);
  const status = Number(response.get('status'));
  return {
    text,
    header: textsOf(request.get('header')),
    path: textsOf(request.get('path')),
    querystring: textsOf(request.get('querystring')),
    responseHeader: textsOf(response.get('header')),
    status: status >= 200 && status <= 599 ? Math.trunc(status) : undefined,
  };
}

function textsOf(value: Value): Record<string, string> {
  return value instanceof Map ? Object.fromEntries([...value].map(([name, each]) => [name, textOf(each)])) : {};
}
