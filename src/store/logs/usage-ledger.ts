import type { DatabaseSync } from 'node:sqlite';
import type { MeteredAllocation, MeteredInvocation, UsageLedger } from '../../lambda/invoke/meter.ts';
import type { UsageRow } from '../../lambda/model/usage.ts';
import type { LogJournal } from './log-journal.ts';

const query = `
  SELECT function, version, architecture, day, sum(requests) AS requests, sum(extra_requests) AS extra_requests,
    sum(billed_ms) AS billed_ms, sum(megabyte_ms) AS megabyte_ms, sum(init_us) AS init_us,
    sum(streamed_bytes) AS streamed_bytes, sum(streamed_extra_bytes) AS streamed_extra_bytes,
    sum(provisioned_requests) AS provisioned_requests, sum(provisioned_megabyte_ms) AS provisioned_megabyte_ms,
    sum(allocated_megabyte_ms) AS allocated_megabyte_ms, sum(storage_megabyte_ms) AS storage_megabyte_ms
  FROM usage
  WHERE (?1 IS NULL OR account = ?1) AND (?2 IS NULL OR region = ?2) AND (?3 IS NULL OR function = ?3)
    AND day >= ?4 AND day <= ?5
  GROUP BY function, version, architecture, day ORDER BY day, function, version`;

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

  allocated(allocation: MeteredAllocation): void {
    this.#journal.allocated(allocation);
  }

  usage({ accountId, region, functionName, fromDay, toDay }: Parameters<UsageLedger['usage']>[0]): UsageRow[] {
    const scope = [accountId ?? null, region ?? null, functionName ?? null, fromDay ?? '', toDay ?? '9999-12-31'];
    return this.#database
      .prepare(query)
      .all(...scope)
      .map(rowOf);
  }
}

function rowOf(row: Record<string, unknown>): UsageRow {
  const gbSeconds = (megabyteMs: unknown) => Number(megabyteMs) / 1024 / 1000;
  return {
    functionName: String(row.function),
    version: String(row.version),
    architecture: row.architecture === 'arm64' ? 'arm64' : 'x86_64',
    day: String(row.day),
    requests: Number(row.requests),
    extraRequests: Number(row.extra_requests),
    billedMs: Number(row.billed_ms),
    gbSeconds: gbSeconds(row.megabyte_ms),
    initMs: Number(row.init_us) / 1000,
    streamedBytes: Number(row.streamed_bytes),
    streamedExtraBytes: Number(row.streamed_extra_bytes),
    provisionedRequests: Number(row.provisioned_requests),
    provisionedGbSeconds: gbSeconds(row.provisioned_megabyte_ms),
    allocatedGbSeconds: gbSeconds(row.allocated_megabyte_ms),
    storageGbSeconds: gbSeconds(row.storage_megabyte_ms),
  };
}
