import { recordAt, stringAt } from "../../../formats/document.ts";
import { parseJson } from "../../../formats/json.ts";
import { joinPath, type Tree } from "../../../formats/tree.ts";
import { shellCommands } from "../../../scan/command-line.ts";
import type { PlannedService } from "../../plan.ts";

const SCRIPTS = ["dev", "start:dev", "develop", "watch"];
/** Servers of tools that listen on loopback, or on a port of their own, unless they are told. */
const TOLD: readonly [program: RegExp, flags: (port: number) => string][] = [
  [/^(?:vite|astro dev|nuxt dev|nuxi dev|vinxi dev|remix vite:dev|react-router dev|ng serve)\b/, hostAndPort],
  [/^gatsby develop\b/, (port) => `-H 0.0.0.0 -p ${port}`],
  [/^next dev\b/, (port) => `-H 0.0.0.0 -p ${port}`],
];

/** What a framework offers for working on it; the port comes from outside. */
const COMMANDS: Record<string, (port: number) => string> = {
  django: (port) => `python manage.py runserver 0.0.0.0:${port}`,
  rails: (port) => `bundle exec rails server -b 0.0.0.0 -p ${port}`,
};

/** The command of a service that follows changes of its sources; undefined where none is known, and the image runs as it is. */
export function developmentCommand(
  { runtime, framework, path, packageManager, port, start }: PlannedService,
  tree: Tree,
): string | undefined {
  if (["node", "bun"].includes(runtime.name)) return nodeCommand({ path, packageManager, port, start }, tree);
  if (port !== null && COMMANDS[framework ?? ""]) return COMMANDS[framework ?? ""]?.(port);
  if (runtime.name === "dotnet" && port !== null) return `dotnet watch run --urls http://0.0.0.0:${port}`;
  if (/^(?:uvicorn|gunicorn|fastapi run|flask run|hypercorn|sanic)\b/.test(start ?? ""))
    return `${start}${/^flask/.test(start ?? "") ? " --debug" : " --reload"}`;
  return /^streamlit\b/.test(start ?? "") ? (start ?? undefined) : undefined;
}

function nodeCommand(
  { path, packageManager, port, start }: Pick<PlannedService, "path" | "packageManager" | "port" | "start">,
  tree: Tree,
): string | undefined {
  const manifest = parseJson(tree.text(joinPath(path, "package.json") ?? "") ?? "{}").value;
  const scripts = recordAt(manifest, ["scripts"]);
  const script = SCRIPTS.find((name) => stringAt(scripts, [name]) !== undefined);
  if (script === undefined)
    return /^node [^-]\S*$/.test(start ?? "") ? start?.replace(/^node/, "node --watch") : undefined;
  const manager = packageManager ?? "npm";
  const line = stringAt(scripts, [script]) ?? "";
  const argv = shellCommands(line).at(-1)?.argv.join(" ") ?? "";
  const flags =
    port === null || /\s--?(?:host|H|p|port)\b/.test(line) ? undefined : TOLD.find(([program]) => program.test(argv));
  const more = flags && port !== null ? ` ${manager === "npm" ? "-- " : ""}${flags[1](port)}` : "";
  return `${manager} run ${script}${more}`;
}

function hostAndPort(port: number): string {
  return `--host 0.0.0.0 --port ${port}`;
}
