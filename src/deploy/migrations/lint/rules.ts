/** What is wrong with a statement while the release before still runs, and what to do instead. Data. */
export const RULES = {
  drop: {
    message: "takes away what the running release may use",
    instead: "make it a contract migration of its own, to run when no kept release needs it",
  },
  rename: {
    message: "the running release knows only the old name",
    instead: "add the new one, write both, move the data, and drop the old one in a contract migration",
  },
  "type-change": {
    message: "rewrites or checks the whole table under an exclusive lock, and the running release expects the old type",
    instead: "add a column of the new type, fill it in a backfill, and drop the old one in a contract migration",
  },
  "not-null": {
    message: "reads the whole table under an exclusive lock, and the running release may write NULL",
    instead: "add CHECK (column IS NOT NULL) NOT VALID, validate it in a later statement, then SET NOT NULL",
  },
  "not-null-column": {
    message: "a new column without a default fails on a table with rows, and on every INSERT of the running release",
    instead: "give it a constant default, or let it be NULL first",
  },
  "index-lock": {
    message: "blocks writes to the table while the index is built",
    instead: "use CREATE INDEX CONCURRENTLY, outside of a transaction",
  },
  "index-drop-lock": {
    message: "blocks the table while it waits for every query that uses it",
    instead: "use DROP INDEX CONCURRENTLY, outside of a transaction",
  },
  "concurrently-in-transaction": {
    message: "CONCURRENTLY does not work inside a transaction",
    instead: "begin the file with the line `-- no-transaction`",
  },
  "not-valid": {
    message: "checks every row while writes to the table wait",
    instead: "add the constraint NOT VALID, and validate it in a migration after it",
  },
  "unique-lock": {
    message: "builds an index while reads and writes of the table wait",
    instead: "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX",
  },
  "table-wide-write": {
    message: "changes every row in one transaction: row locks, bloat and replication lag for its whole length",
    instead: "make it a backfill, which works in batches",
  },
  truncate: {
    message: "empties a table that the running release reads, under an exclusive lock",
    instead: "make it a contract migration, or delete in batches in a backfill",
  },
  "volatile-default": {
    message: "a default that differs per row rewrites the whole table under an exclusive lock",
    instead: "add the column without it, set the default in a second statement, and fill old rows in a backfill",
  },
  rewrite: {
    message: "rewrites the whole table under an exclusive lock",
    instead: "fill a new table or column in a backfill",
  },
  "exclusive-lock": {
    message: "holds a lock that stops the running release",
    instead: "leave it out of migrations; maintenance has its own time",
  },
  "refresh-lock": {
    message: "blocks reads of the view until it is filled",
    instead: "use REFRESH MATERIALIZED VIEW CONCURRENTLY",
  },
  "enum-value": {
    message: "a new enum value cannot be used before its transaction ends",
    instead: "add the value in a migration of its own",
  },
  "transaction-control": {
    message: "ends the transaction that protects this file",
    instead: "leave BEGIN and COMMIT out; a file is one transaction",
  },
  "dynamic-sql": {
    message: "makes up statements while it runs, so nobody can read them before",
    instead: "write the statements out",
  },
} as const satisfies Record<string, { message: string; instead: string }>;
export type RuleId = keyof typeof RULES;
