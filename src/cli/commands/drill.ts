import { drillText } from "../../audit/weekly.ts";
import { ExternalError } from "../../core/errors.ts";
import { confirm } from "../confirm.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { yes?: boolean }, check: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const { id } = await usecases.check(check);
    await confirm(`Page people with a drill of ${id}?`, options);
    const drill = await usecases.drill(check, actor());
    if (options.json) printJson(drill);
    else print(drillText(drill));
    if (drill.outcome === "paged") return;
    throw new ExternalError({
      code: "SM-DRILL-FAILED",
      message:
        drill.outcome === "not-detected"
          ? `${drill.check} did not notice the fault`
          : "no channel took the page in time",
      next: drill.outcome === "not-detected" ? "look at what it expects" : "stationmaster notify test",
    });
  });
}
