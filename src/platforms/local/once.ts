import { run } from "../../exec/run.ts";
import type { StartRequest } from "../platform.ts";
import type { Context } from "../target.ts";
import { inheritedEnvironment } from "./environment.ts";
import { serviceFolder } from "./releases.ts";
import { startCommand } from "./start.ts";

const DEADLINE_MS = 15 * 60_000;

/** Runs one command to its end in the copied folder of a release, such as a migration; at most 15 minutes. */
export async function runOnce(
  stateDir: string,
  { release, target, environment, argv }: StartRequest & { argv: readonly string[] },
  { signal }: Context,
): Promise<{ code: number | null; output: string }> {
  const service = release.services[target.service];
  if (!service) throw new Error(`release ${release.name} has no service ${target.service}`);
  const env = { ...inheritedEnvironment(), ...environment, RELEASE: release.name, SERVICE: target.service };
  const result = await run(startCommand(argv, env), {
    cwd: serviceFolder(stateDir, release.name, service.path),
    env,
    deadlineMs: DEADLINE_MS,
    signal,
  });
  return { code: result.code, output: result.stdout + result.stderr };
}
