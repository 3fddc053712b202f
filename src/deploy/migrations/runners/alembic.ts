import type { MigrateSettings } from "../types.ts";
import { inFolder, type Listed, libpqEnvironment, programOf, type Runner } from "./runner.ts";

/** `b2, c2 -> d3 (current) (mergepoint), merge both`, newest first. */
const REVISION = /^(<base>|\S+(?:, \S+)*) -> (\w+)((?: \([^)]*\))*)(?:, (.*))?$/;

/** https://alembic.sqlalchemy.org; PostgreSQL rolls a failed revision back. */
export const alembic: Runner = {
  tool: "alembic",
  detect: (files) => files.includes("alembic.ini"),
  transactional: true,
  ledgers: ["alembic_version"],
  list: (settings) => [...program(settings), "history", "--indicate-current"],
  parse: ({ code, output }) => (code === 0 ? parse(output) : undefined),
  apply: (settings, migrations, all) => {
    if (all) return [settings.command ?? [...program(settings), "upgrade", "heads"]];
    return headsOf(migrations).map((id) => [...program(settings), "upgrade", id]);
  },
  print: (settings, migrations, listed) => {
    const [from, ...others] = headsOf(listed.filter(({ applied }) => applied));
    const [to, ...rest] = headsOf(migrations);
    if (!to || others.length > 0 || rest.length > 0) return undefined;
    return [[...program(settings), "upgrade", from ? `${from}:${to}` : to, "--sql"]];
  },
  environment: libpqEnvironment,
};

function program(settings: MigrateSettings): readonly string[] {
  const usual = settings.path ? ["alembic", "-c", inFolder(settings.path, "alembic.ini")] : ["alembic"];
  return programOf(settings, { name: "alembic", verb: "upgrade", usual });
}

/** Current are only the last applied ones; what they build on is applied too. */
function parse(output: string): Listed[] {
  const revisions = output
    .split("\n")
    .flatMap((line) => {
      const [, before = "", id = "", flags = "", name] = REVISION.exec(line.trimEnd()) ?? [];
      const parents = before === "<base>" ? [] : before.split(", ");
      return id ? [{ id, name, parents, current: flags.includes("(current)") }] : [];
    })
    .reverse();
  const byId = new Map(revisions.map((revision) => [revision.id, revision]));
  const applied = new Set<string>();
  const open = revisions.filter(({ current }) => current).map(({ id }) => id);
  for (let id = open.pop(); id; id = open.pop()) {
    if (applied.has(id)) continue;
    applied.add(id);
    open.push(...(byId.get(id)?.parents ?? []));
  }
  return revisions.map(({ id, name, parents }) => ({ id, name, parents, applied: applied.has(id) }));
}

/** Those that no other one of the list builds on. */
function headsOf(migrations: readonly Listed[]): string[] {
  const parents = new Set(migrations.flatMap((migration) => migration.parents ?? []));
  return migrations.filter(({ id }) => !parents.has(id)).map(({ id }) => id);
}
