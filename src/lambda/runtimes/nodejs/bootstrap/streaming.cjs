'use strict';
// `awslambda`, the global of streaming handlers, and the stream that they write to.

const { Writable } = require('node:stream');

const mark = Symbol.for('aws.lambda.runtime.handler.streaming');
const highWaterMark = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const preludeEnd = Buffer.alloc(8);

function installStreaming() {
  if (process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA) return;
  globalThis.awslambda = {
    streamifyResponse(handler, options) {
      handler[mark] = 'response';
      handler[highWaterMark] = Number.parseInt(options?.highWaterMark, 10) || undefined;
      return handler;
    },
    HttpResponseStream: { from: withPrelude },
  };
}

/** Status, headers and cookies go ahead of the body, with eight NUL bytes between. */
function withPrelude(stream, metadata) {
  stream.setContentType('application/vnd.awslambda.http-integration-response');
  stream.write(Buffer.concat([Buffer.from(JSON.stringify(metadata)), preludeEnd]));
  return stream;
}

function isStreaming(handler) {
  return handler[mark] === 'response';
}

/** The answer begins with the first write, and no write is done before its reader has room for it. */
class ResponseStream extends Writable {
  #channel;
  #current;
  #contentType = 'application/octet-stream';
  #begun = false;

  /** `current` says whether the event still runs: what is written later is nobody's business. */
  constructor(channel, handler, current) {
    super({ highWaterMark: handler[highWaterMark] });
    this.#channel = channel;
    this.#current = current;
  }

  setContentType(contentType) {
    this.#contentType = String(contentType);
  }

  write(chunk, ...more) {
    return super.write(bytesOf(chunk), ...more);
  }

  end(chunk, ...more) {
    return typeof chunk === 'function' ? super.end(chunk, ...more) : super.end(bytesOf(chunk), ...more);
  }

  /** Nothing comes any more; an answer without a byte is an answer too. */
  finish() {
    this.#begin();
    this.#channel.streamEnd();
  }

  _write(chunk, _encoding, done) {
    if (!this.#current()) return done();
    this.#begin();
    this.#channel.streamChunk(chunk, done);
  }

  #begin() {
    if (!this.#begun) this.#channel.streamStart(this.#contentType);
    this.#begun = true;
  }
}

/** Anything else than text and bytes goes out as JSON. */
function bytesOf(chunk) {
  const plain = chunk === undefined || chunk === null || typeof chunk === 'string' || chunk instanceof Uint8Array;
  return plain ? chunk : JSON.stringify(chunk);
}

module.exports = { ResponseStream, installStreaming, isStreaming };
