'use strict';
// console.* as AWS prints it: one event a call, whatever newlines it holds.

const { format } = require('node:util');
const { isError } = require('./errors.cjs');

const order = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const methods = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  log: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
  fatal: 'FATAL',
};

function patchConsole(channel, requestId) {
  const json = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
  const least = json ? Math.max(0, order.indexOf((process.env.AWS_LAMBDA_LOG_LEVEL ?? 'TRACE').toUpperCase())) : 0;
  const render = json ? jsonLine : textLine;
  for (const [method, level] of Object.entries(methods)) {
    const loud = order.indexOf(level) >= least;
    console[method] = loud ? (...values) => channel.log(render(level, requestId(), values)) : () => {};
  }
}

function textLine(level, requestId, values) {
  return `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...values)}`;
}

function jsonLine(level, requestId, values) {
  const line = { timestamp: new Date().toISOString(), level, requestId };
  const error = values.find(isError);
  if (error !== undefined) {
    line.errorType = error.name;
    line.errorMessage = error.message;
    line.stackTrace = String(error.stack)
      .split('\n')
      .slice(1)
      .map((text) => text.trim());
  }
  line.message =
    values.length === 1 && typeof values[0] === 'object' && error === undefined ? values[0] : format(...values);
  try {
    return JSON.stringify(line);
  } catch {
    return JSON.stringify({ ...line, message: format(...values) });
  }
}

module.exports = { patchConsole };
