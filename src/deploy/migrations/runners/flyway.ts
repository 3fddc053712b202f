import { z } from "zod";
import { lastJson } from "../answers.ts";
import type { MigrateSettings } from "../types.ts";
import { type Listed, programOf, type Runner } from "./runner.ts";

const Info = z.object({
  migrations: z.array(
    z.object({
      category: z.string(),
      version: z.string(),
      description: z.string(),
      state: z.string(),
      filepath: z.string().optional(),
    }),
  ),
});
const PENDING = ["Pending", "Above Target", "Outdated", "Ignored"];

/** https://documentation.red-gate.com/fd: a migration is one transaction on PostgreSQL; Flyway takes an advisory lock by trying. */
export const flyway: Runner = {
  tool: "flyway",
  detect: (files) => files.some((file) => /^(?:conf\/)?flyway\.(?:conf|toml)$/.test(file)),
  transactional: true,
  ledgers: ["flyway_schema_history"],
  list: (settings) => [...program(settings), "info", "-outputType=json"],
  parse: ({ output }) => {
    const rows = lastJson(output, Info)?.migrations;
    if (!rows) return undefined;
    const listed = ({ version, description, state, filepath }: (typeof rows)[number]): Listed => ({
      id: version || `R__${description.replaceAll(" ", "_")}`,
      name: description,
      applied: !PENDING.includes(state) && !state.startsWith("Failed"),
      ...(filepath?.endsWith(".sql") ? { file: filepath } : {}),
      ...(version ? {} : { unordered: true }),
    });
    // Applied repeatable ones stand between the versions; the order is that of the versions.
    const versioned = rows.filter(({ category }) => category === "Versioned").map(listed);
    const repeatable = rows.filter(({ category }) => category === "Repeatable").map(listed);
    return [...versioned.sort((a, b) => compareVersions(a.id, b.id)), ...lastOfEach(repeatable)];
  },
  apply: (settings, migrations, all) => {
    if (all) return [settings.command ?? [...program(settings), "migrate"]];
    const last = migrations.findLast(({ unordered }) => !unordered);
    return last && [[...program(settings), "migrate", `-target=${last.id}`]];
  },
  // Others are Java.
  files: (_settings, migrations) => {
    const files = migrations.flatMap(({ file }) => file ?? []);
    return files.length === migrations.length ? files : undefined;
  },
  // Its JDBC driver reads no libpq variables.
  environment: ({ lockMs, statementMs }, application, { FLYWAY_INIT_SQL: before }) => ({
    FLYWAY_INIT_SQL: [
      ...(before ? [before.replace(/;\s*$/, "")] : []),
      `SET lock_timeout = ${lockMs}`,
      `SET statement_timeout = ${statementMs}`,
      `SET application_name = '${application}'`,
    ].join("; "),
  }),
};

function program(settings: MigrateSettings): readonly string[] {
  const usual = settings.path ? ["flyway", `-workingDirectory=${settings.path}`] : ["flyway"];
  return programOf(settings, { name: "flyway", verb: "migrate", usual });
}

/** A repeatable migration has a row for each time it ran. */
function lastOfEach(rows: Listed[]): Listed[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[._]/).map(Number));
  for (let index = 0; index < Math.max(left?.length ?? 0, right?.length ?? 0); index++) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
