import { type ChildProcess, spawn } from "node:child_process";
import { access, constants, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { freePort } from "../../src/platforms/local/ports.ts";

/** Where HAProxy is installed; undefined when it is not. */
export async function findHaproxy(): Promise<string | undefined> {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"];
  for (const folder of folders) {
    const path = join(folder, "haproxy");
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

/** Starts HAProxy with one thread in front of the target; answers its port once it takes connections. */
export async function startHaproxy(options: {
  program: string;
  folder: string;
  target: number;
  option: string;
}): Promise<{ port: number; child: ChildProcess }> {
  const port = await freePort(new Set());
  const file = join(options.folder, `haproxy-${port}.cfg`);
  const lines = [
    "global",
    "  nbthread 1",
    "defaults",
    "  mode http",
    "  timeout connect 2s",
    "  timeout client 60s",
    "  timeout server 60s",
    `  option ${options.option}`,
    "  option forwardfor",
    "listen front",
    `  bind 127.0.0.1:${port}`,
    `  server target 127.0.0.1:${options.target}`,
  ];
  await writeFile(file, `${lines.join("\n")}\n`);
  const child = spawn(options.program, ["-db", "-f", file], { stdio: ["ignore", "ignore", "inherit"] });
  for (let attempt = 0; attempt < 200 && !(await accepts(port)); attempt++)
    await new Promise((done) => setTimeout(done, 25));
  return { port, child };
}

async function accepts(port: number): Promise<boolean> {
  return await new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    const end = (result: boolean) => {
      socket.destroy();
      done(result);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}
