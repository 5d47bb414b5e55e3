/**
 * A step of lambent.db (schema.ts): how many functions an account has in a region, and how much code. The database keeps
 * the numbers in the same commit as what they count: to add them up for each new function took, with ten thousand of
 * them, ten times as long as all the rest of creating it.
 */
export const accountUsageSchema = `
  CREATE TABLE account_usage (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    functions INTEGER NOT NULL,
    code_bytes INTEGER NOT NULL,
    PRIMARY KEY (account, region)
  ) WITHOUT ROWID;

  INSERT INTO account_usage
    SELECT account, region, sum(functions), sum(code_bytes) FROM (
      SELECT account, region, 1 AS functions, code_bytes FROM function
      UNION ALL
      SELECT account, region, 0, code_bytes FROM resource WHERE code IS NOT NULL
    )
    GROUP BY account, region;

  ${onInsert('function', 1)}
  ${onUpdate('function')}
  ${onDelete('function', 1)}
  ${onInsert('resource', 0)}
  ${onUpdate('resource')}
  ${onDelete('resource', 0)}
`;

function onInsert(table: string, functions: number): string {
  return trigger(`${table}_counted`, `INSERT ON ${table} WHEN new.code_bytes IS NOT NULL`, {
    row: 'new',
    functions: `${functions}`,
    bytes: 'new.code_bytes',
  });
}

/** What a version or a function is of never changes, only its size. */
function onUpdate(table: string): string {
  return trigger(`${table}_recounted`, `UPDATE ON ${table} WHEN new.code_bytes IS NOT old.code_bytes`, {
    row: 'new',
    functions: '0',
    bytes: 'coalesce(new.code_bytes, 0) - coalesce(old.code_bytes, 0)',
  });
}

function onDelete(table: string, functions: number): string {
  return trigger(`${table}_uncounted`, `DELETE ON ${table} WHEN old.code_bytes IS NOT NULL`, {
    row: 'old',
    functions: `-${functions}`,
    bytes: '-old.code_bytes',
  });
}

function trigger(
  name: string,
  on: string,
  { row, functions, bytes }: { row: string; functions: string; bytes: string },
) {
  return `
  CREATE TRIGGER ${name} AFTER ${on} BEGIN
    INSERT INTO account_usage VALUES (${row}.account, ${row}.region, ${functions}, ${bytes})
      ON CONFLICT DO UPDATE SET
        functions = functions + excluded.functions, code_bytes = code_bytes + excluded.code_bytes;
  END;`;
}
