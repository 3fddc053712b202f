import { relative } from "node:path/posix";
import type { Collector, View } from "../../collector.ts";
import { sitesOf } from "../../declared/reach.ts";
import { type Candidate, type Ground, groundOf } from "./candidate.ts";
import { plainSql, rustMigrations, sqlMigrations } from "./compiled.ts";
import { dotnetMigrations, elixirMigrations, javaMigrations } from "./managed.ts";
import { nodeMigrations } from "./node.ts";
import { pythonMigrations } from "./python.ts";
import { phpMigrations, rubyMigrations } from "./ruby-php.ts";

const RULES: readonly ((ground: Ground) => Candidate[])[] = [
  nodeMigrations,
  pythonMigrations,
  rubyMigrations,
  phpMigrations,
  javaMigrations,
  elixirMigrations,
  dotnetMigrations,
  rustMigrations,
  sqlMigrations,
];
/** What the migrations of a library are worth to a service that needs it: another one may apply them. */
const OF_LIBRARY = 0.75;

/** How the schema of a database is changed: a step of a release, as one types it in the folder of the unit. */
export const migrationsCollector: Collector = {
  id: "migrations",
  reads: ["schema.prisma", "alembic.ini", "manage.py", "db/migrate", "package.json", "migrations/*.sql"],
  collect(view) {
    for (const site of sitesOf(view)) {
      const ground = groundOf(view, site);
      const found = RULES.flatMap((rule) => rule(ground));
      for (const candidate of found.length > 0 ? found : plainSql(ground)) tell(view, site.folder, candidate);
    }
  },
};

function tell(view: View, folder: string, { tool, command, confidence, file, place, why }: Candidate): void {
  const at = view.seen(file, place, tool);
  if (command === undefined) {
    view.miss("migrations", why ?? `${tool} has nothing to apply`, at);
    return;
  }
  const isOwn = folder === view.unit.path;
  const away = relative(view.unit.path === "." ? "" : view.unit.path, folder === "." ? "" : folder);
  const typed = isOwn ? command : `cd ${away} && ${command}`;
  const source = confidence >= 0.8 ? "project" : "convention";
  view.claim(
    "migrations",
    { tool, command: typed },
    { source, confidence: isOwn ? confidence : confidence * OF_LIBRARY, at },
  );
}
