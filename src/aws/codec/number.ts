import type { TypeName } from '../model.ts';
import { cannotBe, serializationError } from './serialization.ts';

const javaName: Partial<Record<TypeName, string>> = {
  integer: 'Integer',
  long: 'Long',
  float: 'Float',
  double: 'Double',
};

export function readNumber(value: unknown, type: TypeName): number {
  if (typeof value === 'bigint') return readNumber(Number(value), type);
  if (typeof value === 'string') return readSpecial(value, type);
  if (typeof value !== 'number') throw cannotBe(value, javaName[type] ?? 'Double');
  if (type !== 'integer' && type !== 'long') return value;
  if (!Number.isInteger(value)) throw cannotBe(value, javaName[type] ?? 'Double');
  if (type === 'integer' && (value | 0) !== value) throw serializationError('Numeric value out of range of int');
  return value;
}

function readSpecial(value: string, type: TypeName): number {
  if ((type === 'float' || type === 'double') && /^(NaN|-?Infinity)$/.test(value)) return Number(value);
  throw cannotBe(value, javaName[type] ?? 'Double');
}

/** For forms, XML, headers and queries, where everything is text. */
export function numberFromText(text: string, type: TypeName): number {
  const trimmed = text.trim();
  if (/^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(trimmed)) return readNumber(Number(trimmed), type);
  return readSpecial(trimmed, type);
}

export function booleanFromText(text: string): boolean {
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  throw cannotBe(text, 'Boolean');
}
