import { confirm } from "../confirm.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { yes?: boolean }, service: string): Promise<void> {
  await withSession(options, async ({ usecases, remote }) => {
    await confirm(`Restart ${service}?`, options);
    await usecases.restart(service, actor());
    if (options.json) printJson({ service, state: remote ? "begun" : "done" });
    else
      print(
        remote
          ? `restarting ${service}; stationmaster status shows the new processes`
          : `${service} runs on fresh processes`,
      );
  });
}
