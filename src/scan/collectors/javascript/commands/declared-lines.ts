import { listAt, recordAt, stringAt } from "../../../../formats/document.ts";
import { joinPath } from "../../../../formats/tree.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { codeConfig } from "../literals/config.ts";
import { propertiesIn } from "../literals/properties.ts";
import { quoted } from "./step.ts";

/** A program that PM2 keeps running. */
interface App {
  script: string;
  args: string;
  interpreter: string | undefined;
  folder: string | undefined;
}

const PM2 = new Set(["pm2", "pm2-runtime", "pm2-docker"]);
const ECOSYSTEM = /(?:^|\/)[\w.-]*(?:ecosystem|pm2|processes|process)[\w.-]*\.(?:[cm]?js|json|ya?ml)$/i;
const MANAGERS = /^(?:npm|yarn|pnpm|bun|npx)$/;

/** The command line that a tool keeps in a file of its own, where it names one; undefined for other commands. */
export function declaredLine(snapshot: Snapshot, argv: readonly string[], folder: string): string | undefined {
  const [program = "", ...args] = argv;
  if (PM2.has(program)) return pm2Line(snapshot, args, folder);
  if (program === "better-npm-run" || program === "bnr") return betterLine(snapshot, args[0] ?? "", folder);
  return undefined;
}

/** A program of the project, or PM2 with one application in its file. Of several nobody can say which one is meant. */
function pm2Line(snapshot: Snapshot, args: readonly string[], folder: string): string | undefined {
  const [first = "", ...rest] = args[0] === "start" ? args.slice(1) : args;
  // `pm2 start npm --name web -- run prod`
  if (MANAGERS.test(first) && rest.includes("--"))
    return [first, ...rest.slice(rest.indexOf("--") + 1).map(quoted)].join(" ");
  if (/^(?:npm|yarn|pnpm|bun)\s/.test(first)) return first;
  const named = args.find((word) => ECOSYSTEM.test(word));
  const file = named === undefined ? undefined : joinPath(folder, named);
  const apps = file === undefined || !snapshot.has(file) ? [] : appsIn(snapshot, file);
  const [app] = apps;
  if (!app || apps.length > 1) return undefined;
  const { script, args: given, interpreter, folder: cwd } = app;
  const runner = interpreter ?? (MANAGERS.test(script) ? "" : /\.tsx?$/.test(script) ? "ts-node" : "node");
  const line = [...(runner === "" || runner === "none" ? [] : [runner]), quoted(script), given].join(" ").trim();
  return cwd === undefined ? line : `cd ${quoted(cwd)} && ${line}`;
}

function appsIn(snapshot: Snapshot, file: string): App[] {
  if (/\.[cm]?js$/.test(file)) return appsInCode(snapshot, file);
  const { value } = file.endsWith(".json") ? snapshot.json(file) : snapshot.yaml(file);
  const listed = listAt(value, ["apps"]);
  return (listed.length > 0 ? listed : [value]).flatMap((one): App[] => {
    const script = stringAt(one, ["script"]);
    if (script === undefined) return [];
    const args = listAt(one, ["args"]);
    return [
      {
        script,
        args: args.length > 0 ? args.map(String).join(" ") : (stringAt(one, ["args"]) ?? ""),
        interpreter: stringAt(one, ["interpreter"]) ?? stringAt(one, ["exec_interpreter"]),
        folder: relative(stringAt(one, ["cwd"])),
      },
    ];
  });
}

function appsInCode(snapshot: Snapshot, file: string): App[] {
  const config = codeConfig(snapshot, file);
  if (!config) return [];
  const { code } = config.masked;
  const all = propertiesIn(config.masked);
  const texts = (name: string) =>
    all
      .filter(({ path }) => path.at(-1) === name && !path.includes("deploy"))
      .map(({ from, to }) =>
        [...code.slice(from, to).matchAll(/(["'`])((?:(?!\1)[^\\\n])*)\1/g)].map((match) => match[2]).join(" "),
      );
  const [args = ""] = texts("args");
  const [interpreter] = [...texts("interpreter"), ...texts("exec_interpreter")];
  const [cwd] = texts("cwd");
  return texts("script")
    .map((script) => ({ script, args, interpreter, folder: relative(cwd) }))
    .filter(({ script }) => script !== "");
}

/** A folder of a server says nothing of the repository. */
function relative(folder: string | undefined): string | undefined {
  return folder === undefined || folder === "" || /^[./]*$|^[/~$]|^\w:/.test(folder) ? undefined : folder;
}

/** `betterScripts`: a command with variables of its own. */
function betterLine(snapshot: Snapshot, name: string, folder: string): string | undefined {
  const data = snapshot.json(joinPath(folder, "package.json") ?? "package.json").value;
  const path = ["betterScripts", name];
  const command = stringAt(data, path) ?? stringAt(data, [...path, "command"]);
  if (command === undefined) return undefined;
  const env = Object.entries(recordAt(data, [...path, "env"])).map(([key, value]) => `${key}=${quoted(String(value))}`);
  return [...env, command].join(" ");
}
