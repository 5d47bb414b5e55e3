/**
 * Queues and their messages. What was sent is written once; what a receive changes lies in a row of its own, so that a
 * receive does not write the body again. AUTOINCREMENT: no number is given twice, or an old receipt handle could delete
 * a new message.
 */
export const sqsSchema = `
  CREATE TABLE sqs_queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (account, region, name)
  );

  CREATE TABLE sqs_message (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    queue INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    message_group TEXT,
    details TEXT NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX sqs_message_sent ON sqs_message (queue, sent);

  CREATE TABLE sqs_receive (
    sequence INTEGER PRIMARY KEY REFERENCES sqs_message ON DELETE CASCADE,
    visible_at INTEGER NOT NULL,
    receives INTEGER NOT NULL,
    first_received INTEGER NOT NULL
  );

  CREATE TABLE sqs_deduplication (
    queue INTEGER NOT NULL,
    scope TEXT NOT NULL,
    id TEXT NOT NULL,
    expires INTEGER NOT NULL,
    message TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (queue, scope, id)
  ) WITHOUT ROWID;
  CREATE INDEX sqs_deduplication_expires ON sqs_deduplication (expires);

  CREATE TABLE sqs_move_task (
    handle TEXT PRIMARY KEY,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
`;
