/** Our own log: one line an event on standard error. Functions' logs are something else (services/logs). */
export type Level = 'debug' | 'info' | 'warn' | 'error';

export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

const order: readonly Level[] = ['debug', 'info', 'warn', 'error'];

/** Writes `time level message key=value …` lines, from `least` upwards. */
export function lineLog(write: (line: string) => void, least: Level, now: () => number): Log {
  const say = (level: Level) => (message: string, fields?: Fields) => {
    if (order.indexOf(level) < order.indexOf(least)) return;
    write(`${new Date(now()).toISOString()} ${level.padEnd(5)} ${message}${rendered(fields)}\n`);
  };
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

function rendered(fields: Fields = {}): string {
  const parts = Object.entries(fields).filter(([, value]) => value !== undefined);
  return parts.map(([key, value]) => ` ${key}=${quoted(String(value))}`).join('');
}

function quoted(value: string): string {
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
