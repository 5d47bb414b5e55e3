'use strict';
// The Node.js runtime inside an environment. Plain JavaScript for Node.js 20 and newer: it starts before the function is
// known, greets the server, is told its function, loads it, and then runs one event after the other.

const { Channel } = require('./channel.cjs');
const { patchConsole } = require('./console.cjs');
const { describe, logged } = require('./errors.cjs');
const { Invocations } = require('./invocations.cjs');
const { loadHandler } = require('./load.cjs');
const { importThroughNodePath } = require('./node-path.cjs');
const { installStreaming } = require('./streaming.cjs');

const major = Number(process.versions.node.split('.')[0]);
const path = process.env.LAMBENT_CHANNEL;
for (const name of Object.keys(process.env)) if (name.startsWith('LAMBENT_')) delete process.env[name];

const channel = new Channel(path, {
  connected,
  assign,
  invoke: (header, payload) => invocations.begin(header, payload),
});
const invocations = new Invocations(channel, { callbacks: major < 24 });
let initialising = false;

process.on('uncaughtException', (error) => end('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason, promise) => {
  const error = new Error(String(reason));
  error.name = 'Runtime.UnhandledPromiseRejection';
  error.stack = `${error.name}: ${reason instanceof Error ? reason.stack : reason}`;
  error.reason = reason;
  error.promise = promise;
  end('Unhandled Promise Rejection', error, 128);
});
process.on('beforeExit', () => invocations.loopIsEmpty());

/** Runs what the first event will need, and says that a function may come. */
async function connected() {
  for (const name of ['warm-up.handler', 'warm-up-module.handler']) await loadHandler(__dirname, name);
  logged(new Error('nothing'));
  describe(new Error('nothing'));
  new Invocations({ hold() {}, response() {}, error() {} }, { callbacks: false }).rehearse();
  channel.hello();
}

/** The server says which function this is. */
async function assign({ handler, taskRoot, environment }) {
  initialising = true;
  Object.assign(process.env, environment);
  process.chdir(taskRoot);
  require('node:module')._initPaths();
  importThroughNodePath();
  patchConsole(channel, () => invocations.requestId);
  installStreaming();
  try {
    const loaded = await loadHandler(taskRoot, handler);
    invocations.use(loaded);
    initialising = false;
    channel.ready();
  } catch (error) {
    end('Uncaught Exception', error, 1);
  }
}

/** Nothing more can be expected of this process: say why, and go. */
function end(what, error, code) {
  console.error(`${what} \t${logged(error)}`);
  const { errorType, body } = describe(error);
  if (initialising) channel.initError(errorType, body);
  else if (invocations.requestId !== undefined) channel.lastError(errorType, body);
  process.exit(code);
}
