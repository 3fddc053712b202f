import { baseOf, isIn, joinPath } from "../../../formats/tree.ts";
import { listenFlags } from "../../command-line.ts";
import { environmentVariable } from "../../environment.ts";
import { readStart, type StartReading } from "./commands/start.ts";
import type { Written } from "./commands/words.ts";
import type { About, Seen, Site } from "./platform.ts";

/** Whom a command is about: the file that has it, the folder where it runs, names that the file gives. */
export interface Told {
  file: string;
  folder: string | undefined;
  names?: readonly string[];
  /** Whether what it starts may be made elsewhere, as by an earlier stage. */
  made?: boolean;
}

const WHY: Record<NonNullable<StartReading["why"]>, string> = {
  development: "starts a server for developers",
  idle: "starts nothing",
  image: "starts the server of its image",
  release: "only changes the schema",
  script: "names a script that is not there",
};

/** States how a unit is started, with its port and what runs before; returns whom it was about. */
export function tellStart(site: Site, told: Told, written: Written | undefined, seen: Seen): About {
  const { about, reading, command } = resolved(site, told, written);
  if (!reading) return about;
  if (reading.releases.length > 0) tellRelease(about, reading.releases.join(" && "), seen);
  if (command === undefined) {
    about.miss("start", WHY[reading.why ?? "idle"], seen);
    return about;
  }
  about.claim("start", command, { rule: "start", ...seen });
  const { port, host } = listenFlags(reading.argv);
  about.claim("port", port, { ...seen, rule: "start-port" });
  about.claim("bind", host, { ...seen, rule: "start-bind" });
  const absent = told.made ? undefined : absentFile(site, reading);
  if (absent !== undefined) about.miss("start", `starts ${absent}, which is not there`, seen);
  return about;
}

/** States a process beside the one that takes requests. */
export function tellProcess(site: Site, told: Told, name: string, written: Written | undefined, seen: Seen): About {
  const { about, command, reading } = resolved(site, told, written);
  if (reading?.why === "release") tellRelease(about, reading.releases.join(" && "), seen);
  if (command !== undefined) about.claimEach("process", name, { name, command }, { rule: "process", ...seen });
  return about;
}

/** States what is run once for each release. */
export function tellRelease(about: About, command: string, seen: Seen): void {
  about.claimEach("process", "release", { name: "release", command }, { ...seen, rule: "release" });
}

/** States which Dockerfile builds a unit, by its path from the root. */
export function tellDockerfile({ snapshot }: Site, about: About, path: string | undefined, seen: Seen): void {
  if (path !== undefined && snapshot.has(path)) about.claim("dockerfile", path, { ...seen, rule: "dockerfile" });
  else
    about.miss("dockerfile", `names the Dockerfile ${path ?? "outside of the repository"}, which is not there`, seen);
}

/** States a job by the clock. */
export function tellCron(
  about: About,
  cron: { name: string; schedule: string | undefined; command?: string | undefined },
  seen: Seen,
): void {
  const { name, schedule, command = null } = cron;
  if (schedule !== undefined) about.claimEach("cron", name, { name, schedule, command }, { rule: "cron", ...seen });
}

/** What a file of a platform sets is needed; whether the code can do without is for the code to say, so this goes last. */
const SET = { source: "default", confidence: 0.8 } as const;
const NAME = /^[A-Za-z_]\w*$/;

/** States that a variable is set; `value` only where it may be shown. */
export function tellVariable(
  about: About,
  name: string,
  seen: Seen,
  use: { phase?: "build" | "run"; required?: boolean; default?: string | null } = {},
): void {
  const variable = environmentVariable(name, use);
  if (NAME.test(name) && variable.class !== "provided")
    about.claimEach("env", name, variable, { ...seen, ...SET, rule: "env" });
}

/** A path of a check: `/health`, also out of a whole address; undefined for anything else. */
export function healthPath(text: string | undefined): string | undefined {
  const path = text?.trim().replace(/^https?:\/\/[^/]*/, "");
  const found = path === "" && text !== undefined ? "/" : /^\/[^\s"'`|;&?#]*/.exec(path ?? "")?.[0];
  return found === undefined || /[${}]/.test(found) ? undefined : found;
}

function resolved(site: Site, { file, folder, names }: Told, written: Written | undefined) {
  const given = site.about(file, folder, names);
  if (folder === undefined || written === undefined || written.length === 0) return { about: given };
  const reading = readStart(site.snapshot, folder, written);
  const { command } = reading;
  if (reading.folder === folder || command === null) return { about: given, reading, command: command ?? undefined };
  const moved = site.about(file, reading.folder, names);
  if (moved.units.length > 0) return { about: moved, reading, command };
  const down = isIn(reading.folder, folder) && folder !== reading.folder;
  const inside = folder === "." ? reading.folder : reading.folder.slice(folder.length + 1);
  return { about: given, reading, command: down ? `cd ${inside} && ${command}` : command };
}

const INTERPRETER = /^(?:node|bun|deno|python[\d.]*|ruby|php|bash|sh|tsx|ts-node|perl)$/;
const FILE = /^(?:\.\/)?[\w@./-]+\.(?:[cm]?[jt]s|py|rb|php|sh|pl)$/;
/** Folders that a build fills. */
const BUILT = /(?:^|\/)(?:\w*dist\w*|build|out|target|bin|lib|\.\w[\w-]*|release|compiled|node_modules|server)\//;

/** The file that a command starts, where it should be in the repository and is not. */
function absentFile({ snapshot }: Site, { argv, folder }: StartReading): string | undefined {
  const [program = "", ...rest] = argv;
  const file = INTERPRETER.test(baseOf(program))
    ? rest.find((word) => !word.startsWith("-"))
    : program.startsWith("./")
      ? program
      : undefined;
  if (file === undefined || !FILE.test(file) || file.startsWith("/") || BUILT.test(file)) return undefined;
  if (rest.some((word) => /^-[mec]$/.test(word))) return undefined;
  const path = joinPath(folder, file);
  return path === undefined || snapshot.has(path) ? undefined : file;
}
