import type { ScannedService } from "../../contract/scan.ts";
import { joinPath, type Tree } from "../../formats/tree.ts";
import { type ShellCommand, shellCommands } from "../../scan/command-line.ts";

/** A command as the manifest takes it: one line without a shell, and variables beside it. */
export interface LocalCommand {
  start: string;
  env: Record<string, string>;
}

/** Programs that Python runs as modules, so that those of its environment are found. */
const MODULES = new Set([
  "uvicorn",
  "gunicorn",
  "hypercorn",
  "daphne",
  "flask",
  "streamlit",
  "celery",
  "sanic",
  "litestar",
  "granian",
]);
const ENVIRONMENTS = [".venv/bin/python", "venv/bin/python"];
const RUNNERS: Record<string, string> = {
  npm: "npm start",
  pnpm: "pnpm start",
  yarn: "yarn start",
  bun: "bun run start",
};

/** How a service is started on this machine, from how production starts it; undefined where it needs a shell or nothing is known. */
export function localCommand(
  service: ScannedService,
  tree: Tree,
  isThere: (path: string) => boolean,
): LocalCommand | undefined {
  const { path, start, packageManager } = service;
  if (start === null) return pages(service);
  const commands = shellCommands(start);
  const [command] = commands;
  const here = (file: string) => joinPath(path, file) ?? file;
  if (!command || commands.length > 1 || /[`*<>]|\$\(|\$(?!\{?PORT\b)/.test(start)) return runner(packageManager);
  const [program = "", ...rest] = command.argv;
  const env = Object.fromEntries(Object.entries(command.env).filter(([name]) => name !== "PORT"));
  const python = ENVIRONMENTS.find((file) => isThere(here(file))) ?? "python3";
  const line = (words: readonly string[]) => ({ start: words.map(word).join(" "), env });
  // Without -u what it prints reaches the log in blocks, so the last words of a crash are lost.
  if (MODULES.has(program)) return line([python, "-u", "-m", program, ...rest]);
  if (/^python3?$/.test(program)) return line([python, "-u", ...rest]);
  if (isThere(here(`node_modules/.bin/${program}`))) return line([`node_modules/.bin/${program}`, ...rest]);
  const installed = [
    "node",
    "bun",
    "deno",
    "java",
    "dotnet",
    "ruby",
    "bundle",
    "php",
    "go",
    "mix",
    "npm",
    "caddy",
    "frankenphp",
  ];
  if (installed.includes(program) || program.startsWith("./") || tree.has(here(program))) return line(command.argv);
  return runner(packageManager) ?? line(command.argv);
}

/** A script of package.json: npm does not hand on the signal that stops a service, so it is the last choice. */
function runner(packageManager: string | null): LocalCommand | undefined {
  const start = RUNNERS[packageManager ?? ""];
  return start === undefined ? undefined : { start, env: {} };
}

/** Pages that are served by nothing of their own. */
function pages({ kind, output }: ScannedService): LocalCommand | undefined {
  if (kind !== "static" && kind !== "spa") return undefined;
  const folder = output === null || output === "." ? "" : ` --directory ${output}`;
  return { start: `python3 -m http.server \${PORT} --bind 127.0.0.1${folder}`, env: {} };
}

/** A word of the line: the port is always the one that is given, and this machine is reached by itself only. */
function word(text: string): string {
  const given = text.replace(/\$\{PORT:?-\d+\}|\$PORT\b/g, () => "${PORT}").replace("0.0.0.0", "127.0.0.1");
  return /[\s"']/.test(given) ? JSON.stringify(given) : given;
}

/** What has to be built before the start: compiled programs, pages, and a file that is not there yet. */
export function localBuild(
  { path, build, start, runtime, output, kind }: ScannedService,
  isThere: (path: string) => boolean,
): string | null {
  if (build === null || shellCommands(build).length > 1 || /[$`*<>|]/.test(build)) return null;
  if (["go", "rust", "java", "dotnet", "elixir"].includes(runtime?.name ?? "")) return build;
  const file = started(shellCommands(start ?? "")[0]);
  const made = file ?? (kind === "static" || kind === "spa" ? output : null);
  return made !== null && !isThere(joinPath(path, made) ?? made) ? build : null;
}

/** The file that Node.js or Bun starts. */
function started(command: ShellCommand | undefined): string | null {
  if (!command || !["node", "bun"].includes(command.argv[0] ?? "")) return null;
  return command.argv.slice(1).find((text) => !text.startsWith("-") && text !== "run") ?? null;
}
