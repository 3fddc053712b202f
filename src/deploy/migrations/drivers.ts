import type pg from "pg";
import { UserError } from "../../core/errors.ts";
import { migrationRuns } from "../../store/migration-runs.ts";
import { unreachable } from "./database.ts";
import { runnerOf } from "./runners/registry.ts";
import { sqlDriver } from "./sql/driver.ts";
import { schemaState } from "./state.ts";
import { runProgram, toolDriver } from "./tool.ts";
import type { Driver, MigrationWork } from "./work.ts";

/** `client` is a session in the application's database, where one could be had; else `why` says why not. */
export function driverOf(work: MigrationWork, client: pg.Client | undefined, why: string): Driver {
  if (work.settings.tool === "command") return commandDriver(work);
  if (work.settings.tool === "sql") {
    if (!client) throw unreachable(work.service, why);
    return sqlDriver(work, client);
  }
  const runner = runnerOf(work.settings);
  if (!runner)
    throw new UserError({
      code: "SM-MIGRATION-TOOL",
      message: `${work.service}: there is no migration tool ${work.settings.tool}`,
      next: "correct `migrate.tool`",
    });
  return toolDriver(work, runner, client);
}

/** A command of the user's own: nobody knows what is pending, so it runs once for each release, and counts as one position. */
function commandDriver(work: MigrationWork): Driver {
  const { command } = work.settings;
  if (!command)
    throw new UserError({
      code: "SM-MIGRATION-COMMAND",
      message: `${work.service}: \`migrate.tool: command\` needs \`migrate.command\``,
      next: "add the command",
    });
  let ran = false;
  return {
    recovers: false,
    read: async () => {
      const rows = await migrationRuns(work.db, work);
      const own = rows.find(({ id }) => id === work.release);
      const done = rows.filter(({ outcome }) => outcome === "done").map(({ position }) => position);
      const applied = ran || own?.outcome === "done";
      const position = own?.position ?? Math.max(0, ...done) + 1;
      const checksum = command.join(" ");
      return schemaState([{ id: work.release, position, kind: "expand", applied, checksum }], done);
    },
    apply: async () => {
      await runProgram(work, command, work.environment);
      ran = true;
    },
    written: async () => ({ batches: [], from: "nothing: a command of your own cannot be read" }),
  };
}
