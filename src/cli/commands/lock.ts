import { print, printJson } from "../output.ts";
import { actor, type GlobalOptions, withSession } from "../session.ts";

export async function run(options: GlobalOptions & { reason: string }, environment?: string): Promise<void> {
  await withSession({ ...options, env: environment ?? options.env }, async ({ usecases }) => {
    const lock = await usecases.lock({ environment, reason: options.reason }, actor());
    if (options.json) printJson(lock);
    else print(`${lock.environment} is locked for everybody until stationmaster unlock ${lock.environment}`);
  });
}
