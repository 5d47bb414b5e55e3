import type { Clock } from '../../base/clock.ts';
import type { Log } from '../log.ts';
import type { Span, SpanSink } from '../span.ts';
import { encoded } from './encode.ts';

export interface ExporterParts {
  /** Where traces go, path and all. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
}

const batchMax = 512;
const waitingMax = 8 * batchMax;
const sendEveryMs = 1_000;
const answerMsMax = 5_000;
const retryMs = [1_000, 4_000];
const closeMsMax = 3_000;
const reportEveryMs = 60_000;

/** Sends spans to an OpenTelemetry collector in batches. What it cannot take is dropped, and counted in a line now and then. */
export class OtlpExporter implements SpanSink {
  readonly #parts: ExporterParts;
  #waiting: Span[] = [];
  #sending: Promise<void> | undefined;
  #cancelSend: (() => void) | undefined;
  readonly #closing = new AbortController();
  #dropped = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: ExporterParts) {
    this.#parts = parts;
  }

  add(span: Span): void {
    if (this.#waiting.length >= waitingMax) return this.#drop(1, 'they come faster than they are taken');
    this.#waiting.push(span);
    if (this.#waiting.length >= batchMax) return this.#send();
    this.#cancelSend ??= this.#parts.clock.after(sendEveryMs, () => this.#send());
  }

  /** Sends what waits, for as long as that is worth waiting for. */
  async close(): Promise<void> {
    this.#send();
    const cancel = this.#parts.clock.after(closeMsMax, () => this.#closing.abort(new Error('the server stops')));
    await this.#sending;
    cancel();
    this.#cancelSend?.();
  }

  #send(): void {
    this.#cancelSend?.();
    this.#cancelSend = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, batchMax);
      this.#waiting = this.#waiting.slice(batchMax);
      const problem = await this.#deliver(encoded(batch));
      if (problem !== undefined) this.#drop(batch.length, problem);
    }
  }

  /** Why it was not taken, after the last try. */
  async #deliver(body: string): Promise<string | undefined> {
    for (let tries = 0; ; tries += 1) {
      const problem = await this.#post(body);
      const waitMs = retryMs[tries];
      if (problem === undefined || !problem.again || waitMs === undefined) return problem?.why;
      try {
        await this.#parts.clock.sleep(waitMs, this.#closing.signal);
      } catch {
        return problem.why;
      }
    }
  }

  async #post(body: string): Promise<{ readonly why: string; readonly again: boolean } | undefined> {
    const { url, clock } = this.#parts;
    const late = new AbortController();
    const cancel = clock.after(answerMsMax, () => late.abort(new Error(`no answer within ${answerMsMax} ms`)));
    const signal = AbortSignal.any([late.signal, this.#closing.signal]);
    try {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
      await answer.body?.cancel();
      if (answer.ok) return undefined;
      return { why: `HTTP ${answer.status}`, again: answer.status === 429 || answer.status >= 500 };
    } catch (error) {
      return { why: reasonOf(error), again: true };
    } finally {
      cancel();
    }
  }

  #drop(count: number, why: string): void {
    this.#dropped += count;
    const now = this.#parts.clock.monotonic();
    if (now - this.#reportedAt < reportEveryMs) return;
    this.#reportedAt = now;
    const { url, log } = this.#parts;
    log.warn('Cannot send spans: dropped some', { url, why, droppedSoFar: this.#dropped });
  }
}

/** `fetch` says why it failed in the cause of its error. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
