'use strict';
// `awslambda`, the global of streaming handlers. Until responses stream, what a decorated handler writes is collected
// and becomes the response, as when AWS invokes such a function without streaming.

const { Writable } = require('node:stream');

const mark = Symbol.for('aws.lambda.runtime.handler.streaming');
const preludeEnd = Buffer.alloc(8);

function installStreaming() {
  if (process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA) return;
  globalThis.awslambda = {
    streamifyResponse(handler) {
      handler[mark] = 'response';
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

class CollectedStream extends Writable {
  #chunks = [];

  _write(chunk, encoding, done) {
    this.#chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk, encoding));
    done();
  }

  setContentType() {}

  bytes() {
    return Buffer.concat(this.#chunks);
  }
}

module.exports = { CollectedStream, installStreaming, isStreaming };
