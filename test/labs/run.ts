import { run } from "../../src/exec/run.ts";

const DEADLINE_MS = 60_000;

/** Runs a program of the lab and answers what it printed; throws with its error text when it fails. */
export async function must(argv: readonly string[], deadlineMs = DEADLINE_MS): Promise<string> {
  const { code, stdout, stderr } = await run(argv, { deadlineMs, env: labEnv() });
  if (code !== 0) throw new Error(`${argv.join(" ")}: exit ${code}: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}

/** The same where failing is an answer too, such as removing what is already gone. */
export async function attempt(argv: readonly string[], deadlineMs = DEADLINE_MS): Promise<string | undefined> {
  return await must(argv, deadlineMs).catch(() => undefined);
}

/** This process' environment with the folders of system programs, without what would lead docker to another engine. */
export function labEnv(): Record<string, string> {
  const { DOCKER_HOST: _host, DOCKER_CONTEXT: _context, ...env } = process.env;
  const path = `${env.PATH ?? ""}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  return { ...(env as Record<string, string>), PATH: path };
}
