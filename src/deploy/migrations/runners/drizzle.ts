import { z } from "zod";
import { lastJson } from "../answers.ts";
import type { MigrateSettings } from "../types.ts";
import { inFolder, type Listed, libpqEnvironment, programOf, type Runner } from "./runner.ts";

const Journal = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) });
const LEDGER = "drizzle.__drizzle_migrations";

/**
 * https://orm.drizzle.team/docs/drizzle-kit-migrate: all that is pending is one transaction; a failure ends with 1 and no word of why
 * when nobody watches its terminal. What is applied stands in its table only: the newest `created_at` is the `when` of the journal.
 */
export const drizzle: Runner = {
  tool: "drizzle",
  detect: (files) => files.some((file) => /^drizzle\.config\.[cm]?[jt]s$/.test(file)),
  transactional: true,
  silent: true,
  ledgers: [LEDGER],
  list: ({ path = "drizzle" }) => ["cat", inFolder(path, "meta/_journal.json")],
  parse: ({ code, output }) =>
    code === 0
      ? lastJson(output, Journal)?.entries.map(({ tag, when }) => ({ id: tag, checksum: String(when), applied: false }))
      : undefined,
  readApplied: async (client, listed) => {
    const exists = await client.query<{ ledger: string | null }>("select to_regclass($1)::text as ledger", [LEDGER]);
    if (!exists.rows[0]?.ledger) return listed;
    const newest = await client.query<{ at: string | null }>(`select max(created_at)::text as at from ${LEDGER}`);
    const at = Number(newest.rows[0]?.at ?? 0);
    return listed.map((migration): Listed => ({ ...migration, applied: Number(migration.checksum) <= at }));
  },
  apply: (settings, _migrations, all) => (all ? [settings.command ?? [...program(settings), "migrate"]] : undefined),
  files: ({ path = "drizzle" }, migrations) => migrations.map(({ id }) => inFolder(path, `${id}.sql`)),
  environment: libpqEnvironment,
};

function program(settings: MigrateSettings): readonly string[] {
  return programOf(settings, { name: "drizzle-kit", verb: "migrate", usual: ["node_modules/.bin/drizzle-kit"] });
}
