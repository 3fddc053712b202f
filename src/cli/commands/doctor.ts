import { ExternalError } from "../../core/errors.ts";
import { print, printJson, state, table } from "../output.ts";
import { type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const report = await usecases.doctor();
    if (options.json) printJson(report);
    else
      print(
        table(
          ["", "state", "detail", "next step"],
          report.checks.map((item) => [item.name, state(item.state), item.detail, item.next ?? ""]),
        ),
      );
    const failed = report.checks.filter((item) => item.state === "failed");
    if (failed.length > 0)
      throw new ExternalError({
        code: "SM-DOCTOR",
        message: `${failed.map(({ name }) => name).join(", ")} failed`,
        next: failed[0]?.next ?? "see above",
      });
  });
}
