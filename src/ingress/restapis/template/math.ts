/** Arithmetic, comparisons and logic; integers stay integers, as in Java. */
import type { Expression } from './syntax.ts';
import { bounded, isSame, isTrue, textOf, type Value } from './values.ts';

export function mathOf(
  { operator, expression }: Extract<Expression, { type: 'math' }>,
  value: (expression: Expression) => Value,
): Value {
  const [left, right] = expression;
  if (left === undefined) return null;
  const a = value(left);
  if (operator === 'not') return !isTrue(a);
  if (operator === 'parenthesis') return a;
  if (operator === 'minus') return -Number(a);
  // The right side is not looked at where the left has decided.
  if (operator === '&&') return isTrue(a) && right !== undefined && isTrue(value(right));
  if (operator === '||') return isTrue(a) || (right !== undefined && isTrue(value(right)));
  return right === undefined ? a : combined(operator, a, value(right));
}

function combined(operator: string, a: Value, b: Value): Value {
  if (operator === '==') return isSame(a, b);
  if (operator === '!=') return !isSame(a, b);
  if (operator === '+' && (typeof a === 'string' || typeof b === 'string')) return bounded(textOf(a) + textOf(b));
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === undefined || y === undefined) return compared(operator, a, b);
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return y === 0 ? null : quotient(x, y);
    case '%':
      return y === 0 ? null : x % y;
    default:
      return ordered(operator, x - y);
  }
}

function quotient(x: number, y: number): number {
  return Number.isInteger(x) && Number.isInteger(y) ? Math.trunc(x / y) : x / y;
}

/** Texts are compared with texts. */
function compared(operator: string, a: Value, b: Value): Value {
  if (typeof a !== 'string' || typeof b !== 'string') return operator.match(/[<>]/) ? false : null;
  return ordered(operator, a === b ? 0 : a < b ? -1 : 1);
}

function ordered(operator: string, sign: number): Value {
  if (operator === '<') return sign < 0;
  if (operator === '>') return sign > 0;
  if (operator === '<=') return sign <= 0;
  return operator === '>=' ? sign >= 0 : null;
}

function numberOf(value: Value): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
