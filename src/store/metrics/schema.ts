export const metricsSchema = `
  CREATE TABLE metric (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    dimensions TEXT NOT NULL,
    unit TEXT NOT NULL,
    newest INTEGER NOT NULL,
    UNIQUE (account, region, namespace, name, dimensions, unit)
  );

  CREATE TABLE metric_point (
    metric INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    time INTEGER NOT NULL,
    count REAL NOT NULL,
    sum REAL NOT NULL,
    min REAL NOT NULL,
    max REAL NOT NULL,
    buckets TEXT NOT NULL,
    PRIMARY KEY (metric, seconds, time)
  ) WITHOUT ROWID;
  CREATE INDEX metric_point_age ON metric_point (seconds, time);
`;
