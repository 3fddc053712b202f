import type { MigrationReport } from "../../contract/migration.ts";
import { UserError } from "../../core/errors.ts";
import { historyLines, reportLines } from "../migration-lines.ts";
import { note, print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

/** Shows and tries what is pending; ends with an error where a deployment would be refused for it. */
export async function run(options: GlobalOptions & { history?: boolean }, environment?: string): Promise<void> {
  await withSession({ ...options, env: environment ?? options.env }, async ({ usecases }) => {
    if (options.history) {
      const history = await usecases.migrationHistory();
      if (options.json) printJson(history);
      else for (const line of historyLines(history)) print(line);
      return;
    }
    if (!options.json) note("preparing the release and trying its migrations on a scratch database");
    const report = await usecases.migrations({ environment }, actor());
    if (options.json) printJson(report);
    else for (const line of reportLines(report)) print(line);
    refuseUnsafe(report);
  });
}

function refuseUnsafe({ services, environment }: MigrationReport): void {
  const names = services.filter(({ safe }) => !safe).map(({ service }) => service);
  if (names.length === 0) return;
  throw new UserError({
    code: "SM-MIGRATION-REFUSED",
    message: `a deployment to ${environment} would be refused for the migrations of ${names.join(", ")}`,
    next: "change them as the lines above say, or allow a statement with a reason: -- stationmaster: allow RULE: REASON",
  });
}
