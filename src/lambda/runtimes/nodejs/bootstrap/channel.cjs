'use strict';
// The socket to the server. What is written is written at once: a log line must not be lost when the function then
// loops for ever or the process is killed.

const { writeSync } = require('node:fs');
const { connect } = require('node:net');

const types = {
  assign: 1,
  invoke: 2,
  room: 3,
  hello: 16,
  ready: 17,
  initError: 18,
  response: 19,
  error: 20,
  lastError: 21,
  log: 22,
  streamStart: 24,
  streamChunk: 25,
  streamEnd: 26,
};
/** What may be streamed before the server says that there is room for more. */
const streamWindowBytes = 256 * 1024;
const headerBytes = 5;
/** Streams are written in pieces of 64 KB as a rule (`pipeline`): such a piece is one frame, and not one and a crumb. */
const pieceBytesMax = 64 * 1024;
/** Larger frames are left to the event loop: waiting here for the server to read them would stop everything else. */
const syncBytesMax = pieceBytesMax + headerBytes;

const nap = new Int32Array(new SharedArrayBuffer(4));

class Channel {
  #socket;
  #fd;
  #receive;
  #left = Buffer.alloc(0);
  #body;
  #bodyFilled = 0;
  /** Frames that the event loop is still writing; what follows has to queue behind them. */
  #queued = 0;
  #held = true;
  #room = 0;
  /** Of the chunk that is being streamed: what has not gone out, and whom to tell. */
  #rest;
  #streamed;

  constructor(path, receive) {
    this.#receive = receive;
    this.#socket = connect(path, () => {
      this.#fd = this.#socket._handle.fd;
      this.#receive.connected();
    });
    this.#socket.on('data', (chunk) => this.#read(chunk));
    // Without the server there is nobody to run for.
    this.#socket.on('error', () => process.exit(1));
    this.#socket.on('end', () => process.exit(0));
  }

  hello() {
    this.#send(types.hello);
  }

  ready() {
    this.#send(types.ready);
  }

  response(body) {
    this.#send(types.response, body);
  }

  error(errorType, body) {
    this.#send(types.error, typed(errorType), body);
  }

  lastError(errorType, body) {
    this.#send(types.lastError, typed(errorType), body);
  }

  initError(errorType, body) {
    this.#send(types.initError, typed(errorType), body);
  }

  log(message) {
    const time = Buffer.allocUnsafe(8);
    time.writeBigInt64LE(BigInt(Date.now()));
    this.#send(types.log, time, Buffer.from(message));
  }

  streamStart(contentType) {
    this.#room = streamWindowBytes;
    this.#send(types.streamStart, Buffer.from(contentType, 'latin1'));
  }

  /** One at a time. Calls back when all of it has gone out, which takes as long as the caller's reading does. */
  streamChunk(bytes, done) {
    this.#rest = bytes;
    this.#streamed = done;
    this.#pour();
  }

  streamEnd() {
    this.#send(types.streamEnd);
  }

  /** Whether waiting for the server keeps the process alive: not while an event runs, so that an empty loop shows. */
  hold(held) {
    this.#held = held;
    if (held) this.#socket.ref();
    else this.#socket.unref();
  }

  #pour() {
    while (this.#rest.length > 0 && this.#room > 0) {
      const piece = this.#rest.subarray(0, Math.min(this.#room, pieceBytesMax));
      this.#rest = this.#rest.subarray(piece.length);
      this.#room -= piece.length;
      this.#send(types.streamChunk, piece);
    }
    // Who waits for a slow reader waits for something.
    if (this.#rest.length > 0) return this.#socket.ref();
    const done = this.#streamed;
    this.#streamed = undefined;
    this.hold(this.#held);
    done();
  }

  #send(type, ...parts) {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    const frame = Buffer.allocUnsafe(headerBytes + bytes);
    frame.writeUInt32LE(bytes + 1, 0);
    frame.writeUInt8(type, 4);
    let at = headerBytes;
    for (const part of parts) at += part.copy(frame, at);
    if (this.#queued === 0 && frame.length <= syncBytesMax) return this.#writeNow(frame);
    this.#queued += 1;
    this.#socket.write(frame, () => {
      this.#queued -= 1;
    });
  }

  #writeNow(frame) {
    let at = 0;
    while (at < frame.length) {
      try {
        at += writeSync(this.#fd, frame, at, frame.length - at);
      } catch (error) {
        if (error.code !== 'EAGAIN') process.exit(1);
        Atomics.wait(nap, 0, 0, 1);
      }
    }
  }

  #read(chunk) {
    if (this.#body !== undefined) {
      const copied = chunk.copy(this.#body, this.#bodyFilled);
      this.#bodyFilled += copied;
      if (this.#bodyFilled < this.#body.length) return;
      const body = this.#body;
      this.#body = undefined;
      this.#deliver(types.invoke, body);
      if (copied < chunk.length) this.#read(chunk.subarray(copied));
      return;
    }
    let bytes = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk]);
    while (bytes.length >= headerBytes) {
      const length = bytes.readUInt32LE(0) - 1;
      const type = bytes.readUInt8(4);
      const body = bytes.subarray(headerBytes, headerBytes + length);
      if (body.length < length) {
        if (type !== types.invoke) break;
        this.#body = Buffer.allocUnsafe(length);
        this.#bodyFilled = body.copy(this.#body);
        bytes = Buffer.alloc(0);
        break;
      }
      bytes = bytes.subarray(headerBytes + length);
      this.#deliver(type, body);
    }
    this.#left = bytes;
  }

  #deliver(type, body) {
    if (type === types.assign) return this.#receive.assign(JSON.parse(body));
    if (type === types.room) {
      this.#room += body.readUInt32LE(0);
      if (this.#streamed !== undefined) this.#pour();
      return;
    }
    const end = 4 + body.readUInt32LE(0);
    this.#receive.invoke(JSON.parse(body.toString('utf8', 4, end)), body.subarray(end));
  }
}

function typed(errorType) {
  const name = Buffer.from(String(errorType)).subarray(0, 255);
  return Buffer.concat([Buffer.of(name.length), name]);
}

module.exports = { Channel };
