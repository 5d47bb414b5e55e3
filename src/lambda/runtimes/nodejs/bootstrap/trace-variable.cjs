'use strict';
// `process.env._X_AMZN_TRACE_ID` is another with each event, and the C library keeps every value that a variable ever had:
// 180 bytes an event, until the function has no memory left. So it is no variable, but inherited by all of them.

const name = '_X_AMZN_TRACE_ID';
let current;

Object.defineProperty(Object.getPrototypeOf(process.env), name, {
  get: () => current,
  // The first that a function sets by itself becomes a variable, as any other does.
  set(value) {
    Object.defineProperty(this, name, { value: String(value), writable: true, enumerable: true, configurable: true });
  },
  enumerable: true,
});

/** Undefined where the event has none. */
function setTraceHeader(header) {
  if (Object.hasOwn(process.env, name)) delete process.env[name];
  current = header;
}

module.exports = { setTraceHeader };
