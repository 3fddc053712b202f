import { confirm } from "../confirm.ts";
import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { yes?: boolean }, service: string): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    await confirm(`Restart ${service}?`, options);
    await usecases.restart(service, actor());
    if (options.json) printJson({ service, restarted: true });
    else print(`${service} runs on fresh processes`);
  });
}
