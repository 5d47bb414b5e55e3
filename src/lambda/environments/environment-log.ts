import type { Clock } from '../../base/clock.ts';
import type { FunctionLog, LogEvent, LogTarget } from '../../observe/function-log.ts';
import { textOf } from './log-lines.ts';
import { type LogRules, showsEvent, showsLine, textRules } from './log-rules.ts';
import { OutputLines } from './output-lines.ts';
import type { PlatformEvent } from './platform-events.ts';
import type { Telemetry } from './telemetry-api/telemetry.ts';

const pendingBytesMax = 256 * 1024;
/** What X-Amz-Log-Result shows at most. */
const tailBytes = 4096;

/**
 * Collects the log events of one environment and hands them on in few, large appends: a silent invocation costs one.
 * Somebody has to call `flush` now and then while an invocation runs (the pool's sweep does).
 */
export class EnvironmentLog {
  readonly #log: FunctionLog;
  readonly #target: LogTarget;
  readonly #clock: Clock;
  readonly #rules: LogRules;
  #pending: LogEvent[] = [];
  #pendingBytes = 0;
  readonly #output = new OutputLines();
  readonly #extensions = new Map<string, OutputLines>();
  /** Where extensions hear it as well. */
  telemetry: Telemetry | undefined;
  #latest = 0;
  #tail: string | undefined;

  constructor(log: FunctionLog, target: LogTarget, clock: Clock, rules = textRules) {
    this.#log = log;
    this.#target = target;
    this.#clock = clock;
    this.#rules = rules;
  }

  /**
   * One event; the newline that CloudWatch shows at its end is added. A time may come from inside the sandbox, where
   * nobody keeps it from lying: no event of a stream is in the future, or before the one it follows.
   */
  add(message: string, claimed?: number): void {
    const now = this.#clock.now();
    this.#latest = Math.max(this.#latest, Math.min(claimed ?? now, now));
    const event = { timestamp: this.#latest, message: `${message}\n` };
    this.#pending.push(event);
    this.#pendingBytes += event.message.length;
    if (this.#tail !== undefined) this.#tail = (this.#tail + event.message).slice(-2 * tailBytes);
    if (this.#pendingBytes >= pendingBytesMax) this.flush();
  }

  /** Whether anybody sees more of an event than text shows. */
  get detailed(): boolean {
    return this.#rules.json || this.telemetry !== undefined;
  }

  /** In the function's format, if its level is wanted. */
  platform(event: PlatformEvent, at = this.#clock.now()): void {
    this.telemetry?.platform(event, at);
    const line = this.#rules.json ? this.#jsonOf(event, at) : textOf(event);
    if (line !== undefined) this.add(line, at);
  }

  /** What the function logs by its runtime. */
  line(message: string, claimed: number): void {
    this.add(message, claimed);
    this.telemetry?.line('function', message, { at: this.#latest, json: this.#rules.json });
  }

  /** Bytes of standard output or error, of the runtime or of an extension: one event a line. */
  raw(chunk: Buffer, extension?: string): void {
    const now = this.#clock.now();
    for (const line of this.#linesOf(extension).take(chunk)) this.#addLine(line, extension, now);
  }

  /** The invocation is over: a last line without its newline becomes an event of its own. */
  endOutput(): void {
    this.#endLine(this.#output);
    for (const [extension, output] of this.#extensions) this.#endLine(output, extension);
  }

  beginTail(): void {
    this.#tail = '';
  }

  /** The last 4 KB since `beginTail`. */
  endTail(): Buffer {
    const bytes = Buffer.from(this.#tail ?? '');
    this.#tail = undefined;
    return bytes.subarray(Math.max(0, bytes.length - tailBytes));
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    const events = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#log.append(this.#target, events);
  }

  #endLine(output: OutputLines, extension?: string): void {
    const line = output.end();
    if (line !== undefined) this.#addLine(line, extension);
  }

  #addLine(line: string, extension: string | undefined, at?: number): void {
    const kind = extension === undefined ? 'function' : 'extension';
    this.telemetry?.line(kind, line, { at: at ?? this.#clock.now(), json: this.#rules.json });
    if (extension !== undefined || showsLine(this.#rules, line)) this.add(line, at);
  }

  #jsonOf(event: PlatformEvent, at: number): string | undefined {
    if (!showsEvent(this.#rules, event)) return undefined;
    return JSON.stringify({ time: new Date(at).toISOString(), ...event });
  }

  #linesOf(extension: string | undefined): OutputLines {
    if (extension === undefined) return this.#output;
    const known = this.#extensions.get(extension) ?? new OutputLines();
    this.#extensions.set(extension, known);
    return known;
  }
}
