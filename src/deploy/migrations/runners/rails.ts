import { z } from "zod";
import { lastJson } from "../answers.ts";
import type { MigrateSettings } from "../types.ts";
import { inFolder, libpqEnvironment, programOf, type Runner } from "./runner.ts";

/** `db:migrate:status` is for people and fails on an empty database; Rails 7.2 moved the context to the pool. */
const SCRIPT = `
p = ActiveRecord::Base.connection_pool
c = p.respond_to?(:migration_context) ? p.migration_context : p.connection.migration_context
puts JSON.generate({ migrations: c.migrations.map { |m| [m.version.to_s, m.name] }, applied: c.get_all_versions.map(&:to_s) })`;

const Status = z.object({ migrations: z.array(z.tuple([z.string(), z.string()])), applied: z.array(z.string()) });

/** https://guides.rubyonrails.org/active_record_migrations.html; a migration is one transaction, and Rails takes an advisory lock. */
export const rails: Runner = {
  tool: "rails",
  detect: (files) => files.includes("bin/rails"),
  transactional: true,
  ledgers: ["schema_migrations", "ar_internal_metadata"],
  list: (settings) => [...program(settings), "runner", SCRIPT],
  parse: ({ code, output }) => {
    const status = code === 0 ? lastJson(output, Status) : undefined;
    const applied = new Set(status?.applied);
    return status?.migrations.map(([id, name]) => ({ id, name, applied: applied.has(id) }));
  },
  apply: (settings, migrations, all) => {
    if (all) return [settings.command ?? [...program(settings), "db:migrate"]];
    const last = migrations.at(-1);
    return last && [[...program(settings), "db:migrate", `VERSION=${last.id}`]];
  },
  environment: libpqEnvironment,
};

function program(settings: MigrateSettings): readonly string[] {
  return programOf(settings, { name: "rails", verb: "db:migrate", usual: [inFolder(settings.path, "bin/rails")] });
}
