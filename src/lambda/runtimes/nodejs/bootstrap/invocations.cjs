'use strict';
// One event after the other.

const { finished } = require('node:stream/promises');
const { describe, logged, runtimeError } = require('./errors.cjs');
const { ResponseStream, isStreaming } = require('./streaming.cjs');
const { setTraceHeader } = require('./trace-variable.cjs');

class Invocations {
  /** Of the event that runs; undefined between events. */
  requestId;
  #channel;
  #callbacks;
  #handler;
  #fixed;
  #context;
  /** Set when the answer is known and waits for the event loop to become empty. */
  #whenEmpty;

  constructor(channel, { callbacks }) {
    this.#channel = channel;
    this.#callbacks = callbacks;
  }

  use(handler) {
    if (!this.#callbacks && !isStreaming(handler) && handler.length >= 3) {
      throw runtimeError(
        'Runtime.CallbackHandlerDeprecated',
        'AWS Lambda does not support callback-based function handlers when using Node.js 24 and later. Use an async handler',
      );
    }
    this.#handler = handler;
    this.#fixed = fixedContext();
  }

  begin(header, payload) {
    this.requestId = header.requestId;
    this.#whenEmpty = undefined;
    setTraceHeader(header.traceHeader);
    this.#channel.hold(false);
    this.#run(header, payload);
  }

  /** Serves one event that nobody sent. */
  rehearse() {
    this.use(async (event) => event);
    this.begin({ requestId: 'rehearsal', invokedArn: '', deadlineMs: 0, clientContext: '{}' }, Buffer.from('{}'));
  }

  /** Everything the handler started has ended. */
  loopIsEmpty() {
    if (this.requestId === undefined) return this.#channel.hold(true);
    const answer = this.#whenEmpty;
    if (answer !== undefined) return answer();
    if (this.#callbacks) return this.#succeed(this.requestId, undefined);
    const error = runtimeError(
      'Runtime.NodeJsExit',
      'The event loop became empty before the handler answered: most often a promise that was never settled',
    );
    this.#fail(this.requestId, error);
  }

  async #run(header, payload) {
    const id = header.requestId;
    try {
      const event = payload.length === 0 ? {} : JSON.parse(payload);
      this.#context = contextOf(header, this.#fixed, this.#callbacks ? this.#ending(id) : undefined);
      if (isStreaming(this.#handler)) return await this.#stream(id, event);
      const result = this.#handler(event, this.#context, ...(this.#callbacks ? [this.#callback(id)] : []));
      if (typeof result?.then === 'function') this.#succeed(id, await result);
      else if (!this.#callbacks) this.#succeed(id, result);
    } catch (error) {
      this.#fail(id, error);
    }
  }

  async #stream(id, event) {
    const stream = new ResponseStream(this.#channel, this.#handler, () => this.requestId === id);
    const ended = finished(stream);
    ended.catch(() => {});
    await this.#handler(event, stream, this.#context);
    // What was piped and not awaited may go on; what nobody ends is ended when there is nothing left to do.
    if (!stream.writableEnded) this.#whenEmpty = () => stream.end();
    await ended;
    this.#answer(id, () => stream.finish());
  }

  #callback(id) {
    return (error, result) => {
      const answer =
        error === undefined || error === null ? () => this.#succeed(id, result) : () => this.#fail(id, error);
      if (this.requestId !== id || this.#whenEmpty !== undefined) return;
      if (this.#context.callbackWaitsForEmptyEventLoop === false) setImmediate(answer);
      else this.#whenEmpty = answer;
    };
  }

  /** `context.done` and its kin answer without waiting for the loop. */
  #ending(id) {
    const done = (error, result) => (error ? this.#fail(id, error) : this.#succeed(id, result));
    return { done, succeed: (result) => done(null, result), fail: (error) => done(error ?? 'handled') };
  }

  #succeed(id, result) {
    let body;
    try {
      body = Buffer.from(JSON.stringify(result === undefined ? null : result) ?? 'null');
    } catch {
      const name = this.#callbacks ? 'Error' : 'Runtime.JSONStringifyError';
      return this.#fail(id, runtimeError(name, 'Unable to stringify response body'));
    }
    this.#answer(id, () => this.#channel.response(body));
  }

  #fail(id, error) {
    if (this.requestId === id) console.error(`Invoke Error \t${logged(error)}`);
    const { errorType, body } = describe(error);
    this.#answer(id, () => this.#channel.error(errorType, body));
  }

  /** The first answer counts; what a handler says of an event that is over is nobody's business. */
  #answer(id, send) {
    if (this.requestId !== id) return;
    this.requestId = undefined;
    this.#whenEmpty = undefined;
    this.#channel.hold(true);
    send();
  }
}

/** What no event changes, read once: each look at `process.env` costs a microsecond. */
function fixedContext() {
  const env = process.env;
  return {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
  };
}

function contextOf(header, fixed, ending) {
  const context = {
    ...fixed,
    awsRequestId: header.requestId,
    invokedFunctionArn: header.invokedArn,
    clientContext: parsed(header.clientContext),
    identity: parsed(header.cognitoIdentity),
    getRemainingTimeInMillis: () => header.deadlineMs - Date.now(),
    ...ending,
  };
  if (ending === undefined) context.xRayTraceId = header.traceHeader;
  else context.callbackWaitsForEmptyEventLoop = true;
  return context;
}

function parsed(text) {
  return text === undefined ? undefined : JSON.parse(text);
}

module.exports = { Invocations };
