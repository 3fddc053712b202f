import type { MigrateSettings } from "../types.ts";
import { alembic } from "./alembic.ts";
import { django } from "./django.ts";
import { drizzle } from "./drizzle.ts";
import { flyway } from "./flyway.ts";
import { prisma } from "./prisma.ts";
import { rails } from "./rails.ts";
import type { Runner } from "./runner.ts";

/** Tools that are programs of the release. Plain SQL and `command` are carried out without one of these. */
const RUNNERS: readonly Runner[] = [alembic, prisma, drizzle, django, rails, flyway];

/** Undefined for `sql` and `command`. */
export function runnerOf({ tool }: MigrateSettings): Runner | undefined {
  return RUNNERS.find((runner) => runner.tool === tool);
}

/** The migration tool of one who has these files (paths relative to the service), if it is one we know. */
export function detectTool(files: readonly string[]): string | undefined {
  const runner = RUNNERS.find(({ detect }) => detect(files));
  if (runner) return runner.tool;
  return files.some((file) => /^migrations\/[^/]+\.sql$/.test(file)) ? "sql" : undefined;
}
