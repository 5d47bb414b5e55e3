/** A step of lambent.db (sqlite/schema.ts): function logs in blocks, the ledger, and how far the journal has been moved. */
export const logsSchema = `
  CREATE TABLE log_group (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    retention_days INTEGER,
    bytes INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, region, name)
  ) WITHOUT ROWID;

  CREATE TABLE log_stream (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    log_group TEXT NOT NULL,
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    first_time INTEGER,
    last_time INTEGER,
    last_ingestion INTEGER,
    next_sequence INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, region, log_group, name)
  );

  CREATE TABLE log_block (
    stream INTEGER NOT NULL,
    first_sequence INTEGER NOT NULL,
    count INTEGER NOT NULL,
    first_time INTEGER NOT NULL,
    last_time INTEGER NOT NULL,
    ingested INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (stream, first_sequence)
  ) WITHOUT ROWID;
  CREATE INDEX log_block_time ON log_block (stream, last_time);

  CREATE TABLE usage (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    function TEXT NOT NULL,
    version TEXT NOT NULL,
    architecture TEXT NOT NULL,
    day TEXT NOT NULL,
    requests INTEGER NOT NULL,
    billed_ms INTEGER NOT NULL,
    megabyte_ms INTEGER NOT NULL,
    PRIMARY KEY (account, region, function, version, architecture, day)
  ) WITHOUT ROWID;

  CREATE TABLE journal (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    file INTEGER NOT NULL,
    offset INTEGER NOT NULL
  );
  INSERT INTO journal VALUES (1, 0, 0);
`;

/** Numbers of streams are never used again, since the identifiers of events are made of them; blocks are found by their first time. */
export const logsOrderSchema = `
  CREATE TABLE log_stream_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    log_group TEXT NOT NULL,
    name TEXT NOT NULL,
    created INTEGER NOT NULL,
    first_time INTEGER,
    last_time INTEGER,
    last_ingestion INTEGER,
    next_sequence INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, region, log_group, name)
  );
  INSERT INTO log_stream_new
    SELECT id, account, region, log_group, name, created, first_time, last_time, last_ingestion, next_sequence
    FROM log_stream ORDER BY id;
  DROP TABLE log_stream;
  ALTER TABLE log_stream_new RENAME TO log_stream;

  CREATE INDEX log_block_first_time ON log_block (stream, first_time, first_sequence, last_time);
`;

/** Looking for where a page begins passes over the edges of many blocks, and touches none of the blocks. */
export const logsEdgesSchema = `
  DROP INDEX log_block_time;
  CREATE INDEX log_block_last_time ON log_block (stream, last_time, first_sequence, first_time, count);
`;
