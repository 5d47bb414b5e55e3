import type { DatabaseSync } from 'node:sqlite';
import type { MeteredInvocation, UsageLedger, UsageRow } from '../../lambda/invoke/meter.ts';
import type { LogJournal } from './log-journal.ts';

/** The bill, summed by function, version, architecture and day. `settled` of the journal first, to read all of it. */
export class SqliteUsage implements UsageLedger {
  readonly #database: DatabaseSync;
  readonly #journal: LogJournal;

  constructor(database: DatabaseSync, journal: LogJournal) {
    this.#database = database;
    this.#journal = journal;
  }

  record(invocation: MeteredInvocation): void {
    this.#journal.record(invocation);
  }

  usage(scope: Parameters<UsageLedger['usage']>[0]): UsageRow[] {
    const rows = this.#database
      .prepare(
        `SELECT function, version, architecture, day, sum(requests) AS requests, sum(billed_ms) AS billed_ms,
                sum(megabyte_ms) AS megabyte_ms
         FROM usage
         WHERE (?1 IS NULL OR account = ?1) AND (?2 IS NULL OR region = ?2) AND (?3 IS NULL OR function = ?3)
           AND (?4 IS NULL OR day >= ?4) AND (?5 IS NULL OR day <= ?5)
         GROUP BY function, version, architecture, day ORDER BY day, function, version`,
      )
      .all(
        scope.accountId ?? null,
        scope.region ?? null,
        scope.functionName ?? null,
        scope.fromDay ?? null,
        scope.toDay ?? null,
      );
    return rows.map((row) => ({
      functionName: String(row.function),
      version: String(row.version),
      architecture: row.architecture === 'arm64' ? 'arm64' : 'x86_64',
      day: String(row.day),
      requests: Number(row.requests),
      billedMs: Number(row.billed_ms),
      gbSeconds: Number(row.megabyte_ms) / 1024 / 1000,
    }));
  }
}
