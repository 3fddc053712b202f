import { ExternalError } from "../../../core/errors.ts";
import type { MigrateSettings } from "../types.ts";
import { inFolder, type Listed, programOf, type Runner } from "./runner.ts";

const FOUND = /^(?:(\d+) migrations?|No migration) found in /m;
const PENDING = /^(?:Following|The) migrations? have not yet been applied:\n((?:.+\n?)+)/m;
const FAILED = /^Following migrations? have failed:\n(.+)/m;

/** https://www.prisma.io/docs/orm/prisma-migrate; texts as Prisma's command line 7 writes them. A script that fails is marked, and blocks all others. */
export const prisma: Runner = {
  tool: "prisma",
  detect: (files) => files.some((file) => file.startsWith("prisma/migrations/")),
  transactional: false,
  ledgers: ["_prisma_migrations"],
  list: (settings) => [...program(settings), "migrate", "status", ...schema(settings)],
  // Pending migrations make it end with 1.
  parse: ({ output }) => {
    const failed = FAILED.exec(output)?.[1];
    if (failed) throw failedBefore(failed.trim());
    const found = FOUND.exec(output);
    if (!found) return undefined;
    const pending = (PENDING.exec(output)?.[1] ?? "").split("\n").flatMap((line) => (/^\w+$/.test(line) ? [line] : []));
    const before = Math.max(0, Number(found[1] ?? 0) - pending.length);
    const applied = Array.from({ length: before }, (_, index): Listed => ({ id: `#${index + 1}`, applied: true }));
    return [...applied, ...pending.map((id): Listed => ({ id, applied: false }))];
  },
  apply: (settings, _migrations, all) =>
    all ? [settings.command ?? [...program(settings), "migrate", "deploy", ...schema(settings)]] : undefined,
  files: ({ path = "prisma" }, migrations) =>
    migrations.map(({ id }) => inFolder(folderOf(path), `migrations/${id}/migration.sql`)),
  // Its engine is not libpq: options go into the address.
  environment: ({ lockMs, statementMs }, application, environment) => {
    const options = `-c lock_timeout=${lockMs} -c statement_timeout=${statementMs}`;
    const query = `options=${encodeURIComponent(options)}&application_name=${encodeURIComponent(application)}`;
    const addresses = Object.entries(environment).filter(([, value]) => /^postgres(?:ql)?:\/\//.test(value));
    return Object.fromEntries(
      addresses.map(([key, value]) => [key, `${value}${value.includes("?") ? "&" : "?"}${query}`]),
    );
  },
};

function program(settings: MigrateSettings): readonly string[] {
  return programOf(settings, { name: "prisma", verb: "migrate", usual: ["node_modules/.bin/prisma"] });
}

function schema({ path }: MigrateSettings): string[] {
  return path ? ["--schema", path.endsWith(".prisma") ? path : inFolder(path, "schema.prisma")] : [];
}

function folderOf(path: string): string {
  return path.endsWith(".prisma") ? path.replace(/\/?[^/]*$/, "") || "." : path;
}

function failedBefore(name: string): ExternalError {
  return new ExternalError({
    code: "SM-MIGRATION-HALF",
    message: `the migration ${name} failed before and nobody knows how much of it took effect`,
    next: `look at the database, then: prisma migrate resolve --rolled-back ${name} (or --applied ${name})`,
  });
}
