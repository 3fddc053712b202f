import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/*
 * As CommonJS: Node parses the 180 kB of drizzle's package.json anew for each of its 122 ES modules, which takes longer than all else
 * that a command does at its start (440 ms instead of 60).
 */
export const {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  getTableName,
  gt,
  gte,
  inArray,
  is,
  isNotNull,
  isNull,
  lt,
  lte,
  max,
  ne,
  notInArray,
  or,
  sql,
}: typeof import("drizzle-orm") = require("drizzle-orm");
export const {
  PgTable,
  bigint,
  boolean,
  date,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
}: typeof import("drizzle-orm/pg-core") = require("drizzle-orm/pg-core");
export const { drizzle }: typeof import("drizzle-orm/node-postgres") = require("drizzle-orm/node-postgres");
export const {
  migrate,
}: typeof import("drizzle-orm/node-postgres/migrator") = require("drizzle-orm/node-postgres/migrator");
export type { SQL } from "drizzle-orm";
export type { NodePgDatabase } from "drizzle-orm/node-postgres";
