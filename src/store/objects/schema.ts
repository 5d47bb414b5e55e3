/** Tables of the object store, a step of lambent.db. */

/**
 * `sequence` grows with every version, upload and marker, and is never given twice: the greatest of a key is its latest.
 * Small bodies are rows of `object_body`; large ones are files, and `object_file` says whose. A file whose owner is NULL
 * belongs to nobody any more and is about to be removed.
 */
export const objectsSchema = `
  CREATE TABLE bucket (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    created INTEGER NOT NULL,
    settings TEXT NOT NULL
  );

  CREATE TABLE object (
    sequence INTEGER PRIMARY KEY,
    bucket INTEGER NOT NULL,
    key TEXT NOT NULL,
    version TEXT NOT NULL,
    latest INTEGER NOT NULL,
    marker INTEGER NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    modified INTEGER NOT NULL,
    details TEXT NOT NULL,
    pieces TEXT
  );
  CREATE UNIQUE INDEX object_version ON object (bucket, key, sequence DESC);
  CREATE UNIQUE INDEX object_shown ON object (bucket, key) WHERE latest = 1 AND marker = 0;

  CREATE TABLE object_body (sequence INTEGER PRIMARY KEY, bytes BLOB NOT NULL);

  CREATE TABLE object_file (id TEXT PRIMARY KEY, owner INTEGER) WITHOUT ROWID;
  CREATE INDEX object_file_owner ON object_file (owner);

  CREATE TABLE upload (
    sequence INTEGER PRIMARY KEY,
    bucket INTEGER NOT NULL,
    key TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    initiated INTEGER NOT NULL,
    details TEXT NOT NULL
  );
  CREATE INDEX upload_key ON upload (bucket, key, sequence);

  CREATE TABLE upload_part (
    upload INTEGER NOT NULL,
    number INTEGER NOT NULL,
    file TEXT NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    modified INTEGER NOT NULL,
    checksum TEXT,
    PRIMARY KEY (upload, number)
  ) WITHOUT ROWID;
`;
