import { ago, print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions, environment?: string): Promise<void> {
  await withSession({ ...options, env: environment ?? options.env }, async ({ usecases }) => {
    const was = await usecases.unlock({ environment }, actor());
    if (options.json) printJson(was);
    else print(`${was.environment} is free; ${was.holder} had locked it ${ago(was.since)}: ${was.reason}`);
  });
}
