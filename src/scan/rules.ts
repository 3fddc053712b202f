import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { splitCommand } from "../config/command.ts";
import { isFolder, readText } from "./sources.ts";

/** How a folder is started, as lines of the manifest, and the files that say so. */
export interface Start {
  build?: string;
  start: string;
  /** Only where the kind of service has one by itself. */
  health?: string;
  evidence: string;
}

/** The first rule that knows the folder. */
export function startOf(folder: string): Start | undefined {
  return nodePackage(folder) ?? python(folder) ?? goModule(folder) ?? nodeFile(folder) ?? staticSite(folder);
}

const NODE_FILES = ["server", "index", "app", "main"].flatMap((name) => [`${name}.js`, `${name}.mjs`, `${name}.ts`]);
const PYTHON_FILES = ["main.py", "app.py", "server.py"];
/** Words of programs that wait for requests: a file of a common name alone may be anything. */
const SERVER = /\bPORT\b|\blisten\b|\bserve|Server\b|\bFlask\(|\bFastAPI\(|\bbottle\b|\baiohttp\b/;

function nodePackage(folder: string): Start | undefined {
  const found = readPackage(folder);
  if (!found) return undefined;
  const { main, scripts } = found;
  if (scripts.start !== undefined) {
    const start = direct(scripts.start, folder) ?? "npm start";
    return { ...missingBuild(start, scripts.build, folder), start, evidence: "package.json scripts.start" };
  }
  const file = main ?? NODE_FILES.find((name) => existsSync(join(folder, name)));
  if (file === undefined || !existsSync(join(folder, file))) return undefined;
  return { start: `node ${file}`, evidence: `package.json and ${file}` };
}

function readPackage(folder: string): { main?: string; scripts: { start?: string; build?: string } } | undefined {
  try {
    const { main, scripts } = JSON.parse(readText(join(folder, "package.json")) ?? "");
    const text = (value: unknown) => (typeof value === "string" ? value : undefined);
    return { main: text(main), scripts: { start: text(scripts?.start), build: text(scripts?.build) } };
  } catch {
    return undefined;
  }
}

/** What `npm start` would run, without npm: npm does not hand on the signal that stops a service. Undefined when it needs a shell. */
function direct(script: string, folder: string): string | undefined {
  const split = splitCommand(script);
  if ("error" in split || /\$(?!\{?PORT\b)/.test(script)) return undefined;
  const [program = "", ...rest] = split.argv;
  if (program === "node") return script;
  const tool = `node_modules/.bin/${program}`;
  return existsSync(join(folder, tool)) ? [tool, ...rest].join(" ") : undefined;
}

/** A file that is started and not there has to be built. */
function missingBuild(start: string, build: string | undefined, folder: string): { build?: string } {
  const file = /^node (?:-\S+ )*(\S+)/.exec(start)?.[1];
  return build !== undefined && file !== undefined && !existsSync(join(folder, file)) ? { build: "npm run build" } : {};
}

function nodeFile(folder: string): Start | undefined {
  const file = NODE_FILES.find((name) => SERVER.test(readText(join(folder, name)) ?? ""));
  return file === undefined ? undefined : { start: `node ${file}`, evidence: file };
}

function python(folder: string): Start | undefined {
  // Without -u what it prints reaches the log in blocks, so the last words of a crash are lost.
  const program = `${[".venv/bin/python", "venv/bin/python"].find((path) => existsSync(join(folder, path))) ?? "python3"} -u`;
  if (existsSync(join(folder, "manage.py")))
    return { start: `${program} manage.py runserver 127.0.0.1:\${PORT} --noreload`, evidence: "manage.py" };
  const marker = ["pyproject.toml", "requirements.txt"].find((name) => existsSync(join(folder, name)));
  const file = PYTHON_FILES.find((name) => {
    const code = readText(join(folder, name));
    return code !== undefined && (marker !== undefined || SERVER.test(code));
  });
  if (file === undefined) return undefined;
  const evidence = marker === undefined ? file : `${marker} and ${file}`;
  const [, app, framework] =
    /^(\w+)\s*(?::[^=]+)?=\s*(FastAPI|Flask)\(/m.exec(readText(join(folder, file)) ?? "") ?? [];
  const module = file.replace(/\.py$/, "");
  if (framework === "FastAPI")
    return { start: `${program} -m uvicorn ${module}:${app} --host 127.0.0.1 --port \${PORT}`, evidence };
  if (framework === "Flask")
    return { start: `${program} -m flask --app ${module}:${app} run --port \${PORT}`, evidence };
  return { start: `${program} ${file}`, evidence };
}

function goModule(folder: string): Start | undefined {
  if (!existsSync(join(folder, "go.mod"))) return undefined;
  const main = readdirSync(folder).find(
    (name) => /(?<!_test)\.go$/.test(name) && /^package main\b/m.test(readText(join(folder, name)) ?? ""),
  );
  if (main === undefined) return undefined;
  const program = isFolder(join(folder, "app")) ? "app.bin" : "app";
  return { build: `go build -o ${program} .`, start: `./${program}`, evidence: `go.mod and ${main}` };
}

function staticSite(folder: string): Start | undefined {
  if (!existsSync(join(folder, "index.html"))) return undefined;
  return { start: "python3 -m http.server ${PORT} --bind 127.0.0.1", health: "/", evidence: "index.html" };
}
