const { once } = require('node:events');

const piece = Buffer.alloc(64 * 1024, 'lambent ');

/** Writes as many megabytes (of 2^20 bytes) as it is asked for, as fast as they are taken. */
exports.handler = awslambda.streamifyResponse(async ({ megabytes }, stream) => {
  for (let left = megabytes * 16; left > 0; left--) {
    if (!stream.write(piece)) await once(stream, 'drain');
  }
  stream.end();
});
