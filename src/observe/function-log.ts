/** Where functions' log events go. The engine appends; services/logs keeps and serves them through CloudWatch Logs. */
export interface LogTarget {
  readonly accountId: string;
  readonly region: string;
  /** `/aws/lambda/name` unless configured otherwise. */
  readonly group: string;
  /** `2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef`. */
  readonly stream: string;
}

export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** UTF-8, without the closing newline. */
  readonly message: string;
}

export interface FunctionLog {
  /**
   * Appends in order. When this returns, the bytes have been handed to the operating system: they survive `kill -9` of
   * this process (not a power cut: that is so within the flush interval). Never throws for lack of space; counts and reports.
   */
  append(target: LogTarget, events: readonly LogEvent[]): void;
}
