/** The pieces of a parsed template, as `velocityjs` gives them; what it makes of a text is kept, since a template is used again. */
import { parse } from 'velocityjs';
import { TemplateError } from './values.ts';

export type Piece = string | Expression | Statement | Block;
/** A directive and what stands up to its `#end`. */
export type Block = readonly [Opening, ...Piece[]];

export type Opening =
  | { readonly type: 'if' | 'elseif'; readonly condition: Expression }
  | { readonly type: 'foreach'; readonly to: string; readonly from: Expression }
  | { readonly type: 'define'; readonly id: string }
  | { readonly type: 'macro'; readonly id: string; readonly args?: readonly Reference[] | false };

export type Statement =
  | { readonly type: 'set'; readonly equal: readonly [Reference, Expression] }
  | { readonly type: 'elseif'; readonly condition: Expression }
  | { readonly type: 'else' | 'break' | 'comment' }
  | { readonly type: 'raw'; readonly value: string }
  | { readonly type: 'macro_call'; readonly id: string; readonly args?: readonly Expression[] | false };

export interface Reference {
  readonly type: 'references';
  readonly id: string;
  readonly leader: string;
  readonly isWraped?: boolean;
  readonly path?: readonly Step[];
}

export type Step =
  | { readonly type: 'property'; readonly id: string }
  | { readonly type: 'index'; readonly id: Expression }
  | { readonly type: 'method'; readonly id: string; readonly args?: readonly Expression[] | false };

export type Expression =
  | Reference
  | { readonly type: 'string'; readonly value: string; readonly isEval?: boolean }
  | { readonly type: 'integer' | 'decimal'; readonly value: string | number }
  | { readonly type: 'bool'; readonly value: 'true' | 'false' | 'null' }
  | { readonly type: 'array'; readonly value?: readonly (Expression | string | number)[]; readonly isRange?: boolean }
  | { readonly type: 'map'; readonly value?: Readonly<Record<string, Expression>> }
  | { readonly type: 'math'; readonly operator: string; readonly expression: readonly Expression[] };

const keptMax = 500;
const kept = new Map<string, readonly Piece[]>();

/** Throws `TemplateError` for what is no template. */
export function piecesOf(template: string): readonly Piece[] {
  let pieces = kept.get(template);
  if (pieces === undefined) {
    pieces = parsed(template);
    if (kept.size >= keptMax) kept.clear();
    kept.set(template, pieces);
  }
  return pieces;
}

function parsed(template: string): readonly Piece[] {
  // Nearly half of all templates are plain texts.
  if (!/[$#]/.test(template)) return [template];
  try {
    return parse(template) as readonly Piece[]; // its own types say less than what it gives
  } catch (error) {
    throw new TemplateError(error instanceof Error ? error.message : String(error));
  }
}
