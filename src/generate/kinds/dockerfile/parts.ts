import type { Instruction, Stage } from "../../../formats/dockerfile/print.ts";
import { type ShellCommand, shellCommands } from "../../../scan/command-line.ts";
import { deployedValue } from "../../deployed-value.ts";
import { inImage, scratchFolders } from "../../image-folders.ts";
import type { PlannedService } from "../../plan.ts";
import { probeCommand } from "./probe.ts";

/** A user that exists in no image, so that nothing of the image belongs to it. */
const USER = "10001:10001";
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

/** An installation that takes what is newest today, with the reason why nothing better can be written. */
export function looseRun(value: string, lockfile: string): Instruction {
  return run(
    value,
    `stationmaster-ignore SM10: the repository has no ${lockfile} yet; commit one, then write this again`,
  );
}

/** Folders that the program writes to belong to its user; everything else stays root's. */
export function writableFolders(service: PlannedService): Instruction[] {
  const folders = [...scratchFolders(service), ...service.state.map((folder) => inImage(service, folder))];
  const list = [...new Set(folders)].sort().join(" ");
  return list === "" ? [] : [run(`mkdir -p ${list}\n&& chown -R ${USER} ${list}`)];
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
  const single = commands.length === 1;
  const fixed = single ? Object.entries(command.env).filter(([name]) => name !== "PORT") : [];
  return [
    ...fixed.map(([name, value]) => env(`${name}=${/^[\w./:@-]*$/.test(value) ? value : JSON.stringify(value)}`)),
    { keyword: "USER", value: USER },
    { keyword: "CMD", value: single ? execWords(command) : ["sh", "-c", lastReplacesShell(line, commands)] },
  ];
}

/** Without a shell where none is needed, so that the program gets the signals; with one that replaces itself otherwise. */
function execWords({ argv }: ShellCommand): readonly string[] {
  if (!argv.some((word) => /[$*`]/.test(word))) return argv;
  return ["sh", "-c", `exec ${argv.map(shellWord).join(" ")}`];
}

/** The last of several commands is the one that stays and gets the signals. */
function lastReplacesShell(line: string, commands: readonly ShellCommand[]): string {
  const between = commands.at(-2)?.separator ?? "";
  const at = line.lastIndexOf(between);
  const last = line.slice(at + between.length).trim();
  if (!["&&", ";"].includes(between) || /^(?:exec\b|\w+=)/.test(last)) return line;
  return `${line.slice(0, at + between.length)} exec ${last}`;
}

function shellWord(word: string): string {
  return /^[\w./:@%+=,${}*-]+$/.test(word) ? word : `"${word.replace(/(["\\`])/g, "\\$1")}"`;
}

/** Arguments for what is compiled into a page; their values are public. */
export function buildArguments({ env: variables }: PlannedService): Instruction[] {
  return variables.filter(isBuildArgument).map((variable) => {
    const value = deployedValue(variable);
    const isPlain = value !== null && /^[\w./:@-]+$/.test(value);
    return { keyword: "ARG", value: isPlain ? `${variable.name}=${value}` : variable.name };
  });
}

/** Whether a value is given to the build: what is secret never is, for it would stay in the image. */
export function isBuildArgument({ phase, class: kind }: PlannedService["env"][number]): boolean {
  return phase === "build" && kind !== "secret" && kind !== "provided";
}

/** Node.js and npm beside another runtime, from their own image of the same Debian. */
export function nodeBeside(image: string): { stage: Stage; instructions: Instruction[] } {
  return {
    stage: { image, name: "node", instructions: [] },
    instructions: [
      copy("--from=node /usr/local/bin/node /usr/local/bin/node"),
      copy("--from=node /usr/local/lib/node_modules /usr/local/lib/node_modules"),
      run("ln -s /usr/local/lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm"),
    ],
  };
}
