import { run } from "./run.ts";

const ASK_MS = 10_000;

/** The address that `ssh` uses for a name, after the user's configuration; for `local` this machine's loopback. */
export async function addressOf(name: string, configFile?: string): Promise<string> {
  if (name === "local") return "127.0.0.1";
  const argv = ["ssh", ...(configFile ? ["-F", configFile] : []), "-G", "--", name];
  const { stdout } = await run(argv, { deadlineMs: ASK_MS });
  return /^hostname (.+)$/m.exec(stdout)?.[1] ?? name.replace(/^.*@/, "");
}
