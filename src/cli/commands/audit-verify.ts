import { ExternalError } from "../../core/errors.ts";
import { plural } from "../../core/plural.ts";
import { print, printJson } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const verdict = await usecases.verifyAudit();
    if (options.json) printJson(verdict);
    if (!verdict.intact)
      throw new ExternalError({
        code: "SM-AUDIT-BROKEN",
        message: `the audit is broken: ${verdict.why}`,
        next: "compare with a backup; entries after it cannot be trusted",
      });
    if (!options.json) print(`${plural(verdict.entries, "entry", "entries")}, chain intact, head ${verdict.head}`);
  });
}
