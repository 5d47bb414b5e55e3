'use strict';
// What callers and logs are told of an error.

/** As the caller sees it; the order of the members is AWS's. */
function describe(error) {
  const { errorType, errorMessage, lines } = parts(error);
  return { errorType, body: Buffer.from(JSON.stringify({ errorType, errorMessage, trace: lines })) };
}

/** As the log shows it: with the error's own members. */
function logged(error) {
  const { errorType, errorMessage, lines } = parts(error);
  const own = isError(error) ? Object.fromEntries(Object.entries(error).filter(([key]) => key !== 'name')) : {};
  return stringified({ errorType, errorMessage, ...own, stack: lines });
}

function parts(error) {
  if (!isError(error)) return { errorType: typeof error, errorMessage: textOf(error), lines: [] };
  return {
    errorType: String(error.name ?? 'Error'),
    errorMessage: textOf(error.message),
    lines: textOf(error.stack ?? '').split('\n'),
  };
}

/** Errors of other realms (vm contexts) count as well. */
function isError(value) {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function textOf(value) {
  try {
    return String(value);
  } catch {
    return '[value that cannot be shown]';
  }
}

function stringified(value) {
  const seen = new Set();
  return JSON.stringify(value, (_key, inner) => {
    if (typeof inner === 'bigint') return String(inner);
    if (isError(inner))
      return { errorType: inner.name, errorMessage: inner.message, stack: textOf(inner.stack).split('\n') };
    if (typeof inner === 'object' && inner !== null) {
      if (seen.has(inner)) return '[circular]';
      seen.add(inner);
    }
    return inner;
  });
}

/** An error with one of the runtime's own types. */
function runtimeError(name, message, stack) {
  const error = new Error(message);
  error.name = name;
  error.stack =
    stack === undefined ? `${name}: ${message}\n${error.stack.split('\n').slice(1).join('\n')}` : `${name}: ${stack}`;
  return error;
}

module.exports = { describe, logged, isError, runtimeError };
