import { AwsError } from '../errors.ts';

/** The body cannot be read as the operation's input: wrong syntax or wrong type of value. */
export function serializationError(message: string): AwsError {
  return new AwsError({ code: 'SerializationException', message, status: 400 });
}

/** The word that AWS's own parser has for a value it did not expect. */
export function tokenOf(value: unknown): string {
  if (typeof value === 'string') return 'STRING_VALUE';
  if (typeof value === 'number') return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
  if (value === true) return 'TRUE_VALUE';
  if (value === false) return 'FALSE_VALUE';
  return 'NULL_VALUE';
}

export function cannotBe(value: unknown, type: string): AwsError {
  if (typeof value !== 'object' || value === null) {
    return serializationError(`${tokenOf(value)} cannot be converted to ${type}`);
  }
  if (Array.isArray(value)) return serializationError('Start of list found where not expected');
  return serializationError('Start of structure or map found where not expected.');
}
