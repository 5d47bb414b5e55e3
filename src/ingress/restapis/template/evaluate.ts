/**
 * Templates in Velocity, evaluated here rather than by their library: what a template may call is listed (`methods.ts`),
 * and it ends, whatever it says.
 */

import { mathOf } from './math.ts';
import { called, member } from './methods.ts';
import type { Block, Expression, Opening, Piece, Reference, Statement, Step } from './syntax.ts';
import { piecesOf } from './syntax.ts';
import { bounded, HostObject, isTrue, TemplateError, textOf, type Value } from './values.ts';

const stepsMax = 200_000;
const iterationsMax = 1000;
const depthMax = 50;

interface Macro {
  readonly parameters: readonly string[];
  readonly body: readonly Piece[];
}

/** One evaluation of one template. */
export class Evaluation {
  readonly #variables: Map<string, Value>;
  readonly #macros = new Map<string, Macro>();
  readonly #definitions = new Map<string, readonly Piece[]>();
  #steps = 0;
  #depth = 0;
  #breaking = false;

  constructor(variables: ReadonlyMap<string, Value>) {
    this.#variables = new Map(variables);
  }

  render(template: string): string {
    return this.#pieces(piecesOf(template));
  }

  #pieces(pieces: readonly Piece[]): string {
    const texts: string[] = [];
    let length = 0;
    for (const piece of pieces) {
      if (this.#breaking) break;
      const text = typeof piece === 'string' ? piece : this.#piece(piece);
      length += text.length;
      this.#step(text.length);
      if (length > 10 * 1024 * 1024) throw new TemplateError('The template makes a text that is too long');
      texts.push(text);
    }
    return texts.join('');
  }

  #piece(piece: Exclude<Piece, string>): string {
    this.#step();
    if (isBlock(piece)) return this.#deeper(() => this.#block(piece));
    if (piece.type === 'references') return this.#shown(piece);
    switch (piece.type) {
      case 'set':
        this.#assign(piece.equal[0], this.#value(piece.equal[1]));
        return '';
      case 'raw':
        return piece.value;
      case 'break':
        this.#breaking = true;
        return '';
      case 'macro_call':
        return this.#deeper(() => this.#macro(piece));
      default:
        return '';
    }
  }

  /** What is large counts more: it takes longer. */
  #step(size = 0): void {
    this.#steps += 1 + size / 1000;
    if (this.#steps > stepsMax) throw new TemplateError('The template does not come to an end');
  }

  #deeper<T>(action: () => T): T {
    this.#depth += 1;
    if (this.#depth > depthMax) throw new TemplateError('The template is nested too deeply');
    try {
      return action();
    } finally {
      this.#depth -= 1;
    }
  }

  #block([opening, ...body]: Block): string {
    switch (opening.type) {
      case 'if':
      case 'elseif':
        return this.#pieces(this.#branch(opening, body));
      case 'foreach':
        return this.#foreach(opening, body);
      case 'define':
        this.#definitions.set(opening.id, body);
        return '';
      case 'macro':
        this.#macros.set(opening.id, { parameters: (opening.args || []).map(({ id }) => id), body });
        return '';
    }
  }

  /** What stands between the first condition that holds, or `#else`, and the next. */
  #branch({ condition }: { readonly condition: Expression }, body: readonly Piece[]): readonly Piece[] {
    let holds = isTrue(this.#value(condition));
    let from = 0;
    for (const [at, piece] of body.entries()) {
      if (typeof piece === 'string' || isBlock(piece)) continue;
      if (piece.type !== 'else' && piece.type !== 'elseif') continue;
      if (holds) return body.slice(from, at);
      holds = 'condition' in piece ? isTrue(this.#value(piece.condition)) : true;
      from = at + 1;
    }
    return holds ? body.slice(from) : [];
  }

  #foreach({ to, from }: Extract<Opening, { type: 'foreach' }>, body: readonly Piece[]): string {
    const items = itemsOf(this.#value(from));
    if (items.length > iterationsMax) throw new TemplateError(`A loop goes around ${iterationsMax} times at most`);
    const names = [to, 'foreach', 'velocityCount', 'velocityHasNext'];
    const before = names.map((name) => [name, this.#variables.get(name)] as const);
    const texts: string[] = [];
    for (const [index, item] of items.entries()) {
      const hasNext = index + 1 < items.length;
      this.#variables.set(to, item);
      this.#variables.set('foreach', loopOf({ index, hasNext, length: items.length }));
      this.#variables.set('velocityCount', index + 1);
      this.#variables.set('velocityHasNext', hasNext);
      texts.push(this.#pieces(body));
      this.#step();
      if (this.#breaking) break;
    }
    this.#breaking = false;
    for (const [name, value] of before) this.#variables.set(name, value);
    return bounded(texts.join(''));
  }

  #macro({ id, args }: Extract<Statement, { type: 'macro_call' }>): string {
    const values = (args || []).map((each) => this.#value(each));
    if (id === 'evaluate') return this.#pieces(piecesOf(textOf(values[0])));
    const macro = this.#macros.get(id);
    if (macro === undefined) return `#${id}`;
    const before = macro.parameters.map((name) => [name, this.#variables.get(name)] as const);
    for (const [at, name] of macro.parameters.entries()) this.#variables.set(name, values[at]);
    const text = this.#pieces(macro.body);
    for (const [name, value] of before) this.#variables.set(name, value);
    return text;
  }

  /** A name that nobody has set stands as it is written; what a value does not have is nothing. */
  #shown(reference: Reference): string {
    const { id, leader, isWraped, path = [] } = reference;
    const definition = path.length === 0 ? this.#definitions.get(id) : undefined;
    if (definition !== undefined) return this.#deeper(() => this.#pieces(definition));
    const value = this.#reference(reference);
    if (value !== undefined && value !== null) return textOf(value);
    if (leader === '$!' || path.length > 0 || this.#variables.get(id) !== undefined) return '';
    return isWraped ? `\${${id}}` : `$${id}`;
  }

  #reference({ id, path = [] }: Reference): Value {
    let value = this.#variables.get(id);
    for (const step of path) {
      this.#step(typeof value === 'string' || Array.isArray(value) ? value.length : 0);
      value = this.#stepInto(value, step);
    }
    return value;
  }

  #stepInto(value: Value, step: Step): Value {
    if (step.type === 'property') return member(value, step.id);
    if (step.type === 'index') return member(value, this.#value(step.id));
    const args = (step.args || []).map((each) => this.#value(each));
    return called(value, step.id, args);
  }

  #value(expression: Expression): Value {
    this.#step();
    switch (expression.type) {
      case 'references':
        return this.#reference(expression);
      case 'string':
        return expression.isEval ? this.#interpolated(expression.value) : expression.value;
      case 'integer':
      case 'decimal':
        return Number(expression.value);
      case 'bool':
        return expression.value === 'null' ? null : expression.value === 'true';
      case 'array':
        return this.#list(expression);
      case 'map':
        return new Map(Object.entries(expression.value ?? {}).map(([name, each]) => [name, this.#value(each)]));
      case 'math':
        return this.#deeper(() => mathOf(expression, (each) => this.#value(each)));
    }
  }

  #interpolated(text: string): string {
    return /[$#]/.test(text) ? this.#deeper(() => this.#pieces(piecesOf(text))) : text;
  }

  #list({ value = [], isRange }: Extract<Expression, { type: 'array' }>): Value[] {
    const values = value.map((each) => (typeof each === 'object' ? this.#value(each) : Number(each)));
    if (!isRange) return values;
    const [from, to] = [Number(values[0]), Number(values[1])];
    const length = Math.abs(to - from) + 1;
    if (!(length <= iterationsMax)) throw new TemplateError('The range is too long');
    return Array.from({ length }, (_, n) => from + (to < from ? -n : n));
  }

  /** What is nothing is not set, as in Velocity. */
  #assign({ id, path = [] }: Reference, value: Value): void {
    if (value === undefined || value === null) return;
    const last = path.at(-1);
    if (last === undefined) {
      this.#variables.set(id, value);
      return;
    }
    const target = this.#reference({ type: 'references', leader: '$', id, path: path.slice(0, -1) });
    if (last.type === 'method') return;
    const name = last.type === 'property' ? last.id : this.#value(last.id);
    if (target instanceof Map) target.set(textOf(name), value);
    else if (Array.isArray(target)) called(target, 'set', [name, value]);
  }
}

function isBlock(piece: Exclude<Piece, string>): piece is Block {
  return Array.isArray(piece);
}

function itemsOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  return value instanceof Map ? [...value.values()] : [];
}

function loopOf({ index, hasNext, length }: { index: number; hasNext: boolean; length: number }): HostObject {
  return new HostObject(
    { hasNext: () => hasNext },
    { index, count: index + 1, hasNext, first: index === 0, last: index + 1 === length },
  );
}
