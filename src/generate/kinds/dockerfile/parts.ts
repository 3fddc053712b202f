import type { Instruction } from "../../../formats/dockerfile/print.ts";
import { type ShellCommand, shellCommands } from "../../../scan/command-line.ts";
import type { PlannedService } from "../../plan.ts";
import { probeCommand } from "./probe.ts";

/** A user that exists in no image, so that nothing of the image belongs to it. */
export const USER = "10001:10001";
export const HOME = "/app";

export const run = (value: string, comment?: string): Instruction => ({
  keyword: "RUN",
  value,
  ...(comment ? { comment } : {}),
});
export const copy = (value: string, comment?: string): Instruction => ({
  keyword: "COPY",
  value,
  ...(comment ? { comment } : {}),
});
export const env = (value: string, comment?: string): Instruction => ({
  keyword: "ENV",
  value,
  ...(comment ? { comment } : {}),
});
export const workdir = (value: string): Instruction => ({ keyword: "WORKDIR", value });

/** Packages of the system in a Debian image, without leaving lists behind. */
export function aptInstall(packages: readonly string[]): Instruction[] {
  if (packages.length === 0) return [];
  const list = [...new Set(packages)].sort().join(" ");
  return [run(`apt-get update\n&& apt-get install -y --no-install-recommends ${list}\n&& rm -rf /var/lib/apt/lists/*`)];
}

/** The same in an Alpine image. */
export function apkAdd(packages: readonly string[]): Instruction[] {
  return packages.length === 0 ? [] : [run(`apk add --no-cache ${[...new Set(packages)].sort().join(" ")}`)];
}

/** The port, and the check, of a service that requests reach. */
export function listens(service: PlannedService): Instruction[] {
  const probe = probeCommand(service);
  if (service.port === null || probe === undefined) return [];
  return [
    { keyword: "EXPOSE", value: String(service.port) },
    {
      keyword: "HEALTHCHECK",
      value: `--interval=30s --timeout=5s --start-period=${service.startup}s --retries=3\nCMD [${probe.map((word) => JSON.stringify(word)).join(", ")}]`,
    },
  ];
}

/** The last lines of an image: who runs what. Assignments in front of the command become variables of the image. */
export function startsAs(line: string): Instruction[] {
  const commands = shellCommands(line);
  const [command] = commands;
  if (!command) return [{ keyword: "USER", value: USER }];
  const fixed = Object.entries(command.env).filter(([name]) => name !== "PORT");
  return [
    ...fixed.map(([name, value]) => env(`${name}=${/^[\w./:@-]*$/.test(value) ? value : JSON.stringify(value)}`)),
    { keyword: "USER", value: USER },
    { keyword: "CMD", value: execWords(commands, line, command) },
  ];
}

/** Without a shell where none is needed, so that the program gets the signals; with one that replaces itself otherwise. */
function execWords(commands: readonly ShellCommand[], line: string, { argv }: ShellCommand): readonly string[] {
  if (commands.length > 1) return ["sh", "-c", line];
  if (!argv.some((word) => /[$*`]/.test(word))) return argv;
  return ["sh", "-c", `exec ${argv.map(shellWord).join(" ")}`];
}

function shellWord(word: string): string {
  return /^[\w./:@%+=,${}*-]+$/.test(word) ? word : `"${word.replace(/(["\\`])/g, "\\$1")}"`;
}

/** Arguments for what is compiled into a page; their values are public. */
export function buildArguments({ env: variables }: PlannedService): Instruction[] {
  return variables
    .filter(({ phase, class: kind }) => phase === "build" && kind !== "secret" && kind !== "provided")
    .map(({ name, default: value }) => ({
      keyword: "ARG",
      value: value !== null && /^[\w./:@-]+$/.test(value) ? `${name}=${value}` : name,
    }));
}
