import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

/** A service that a folder seems to hold, and the file that says so. */
export interface Guess {
  name: string;
  path: string;
  start: string;
  health: string | null;
  evidence: string;
}

const SKIPPED = new Set([
  "node_modules",
  ".git",
  ".stationmaster",
  "dist",
  "build",
  "target",
  "vendor",
  "test",
  "tests",
  "docs",
  "examples",
  "__pycache__",
  ".venv",
  "venv",
]);

/** Services of the folder itself and of the folders one and two levels below it. */
export function guessServices(root: string): Guess[] {
  const own = guess(root, ".");
  if (own) return [own];
  const found = children(root).flatMap((folder) => {
    const here = guess(join(root, folder), folder);
    return here
      ? [here]
      : children(join(root, folder)).flatMap((inner) => guess(join(root, folder, inner), join(folder, inner)) ?? []);
  });
  return found.map((item, index) => ({
    ...item,
    name: found.findIndex(({ name }) => name === item.name) === index ? item.name : `${item.name}-${index + 1}`,
  }));
}

/** A name as the manifest allows it. */
export function serviceName(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/^@[^/]*\//, "")
      .replace(/[^a-z0-9-]+/g, "-")
      .replace(/^[^a-z]+|-+$/g, "")
      .slice(0, 40) || "app"
  );
}

type Rule = (folder: string) => { start: string; evidence: string } | undefined;

const RULES: Rule[] = [nodePackage, python, goModule, staticSite];

function guess(folder: string, path: string): Guess | undefined {
  for (const rule of RULES) {
    const found = rule(folder);
    if (found)
      return {
        name: serviceName(path === "." ? basename(folder) : basename(path)),
        path: path === "." ? "." : `./${path}`,
        ...found,
        health: healthPath(folder),
      };
  }
  return undefined;
}

function nodePackage(folder: string) {
  const text = read(join(folder, "package.json"));
  if (text === undefined) return undefined;
  let parsed: { main?: unknown; scripts?: Record<string, unknown> };
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed.scripts?.start === "string") return { start: "npm start", evidence: "package.json scripts.start" };
  const main =
    typeof parsed.main === "string"
      ? parsed.main
      : ["server.js", "index.js", "app.js"].find((name) => existsSync(join(folder, name)));
  return main && existsSync(join(folder, main))
    ? { start: `node ${main}`, evidence: `package.json and ${main}` }
    : undefined;
}

function python(folder: string) {
  const marker = ["pyproject.toml", "requirements.txt", "manage.py"].find((name) => existsSync(join(folder, name)));
  if (!marker) return undefined;
  if (existsSync(join(folder, "manage.py")))
    return { start: "python3 manage.py runserver 127.0.0.1:${PORT}", evidence: "manage.py" };
  const entry = ["main.py", "app.py", "server.py"].find((name) => existsSync(join(folder, name)));
  if (!entry) return undefined;
  const code = read(join(folder, entry)) ?? "";
  const app = /^(\w+)\s*(?::[^=]+)?=\s*FastAPI\(/m.exec(code)?.[1];
  return app
    ? {
        start: `uvicorn ${entry.replace(/\.py$/, "")}:${app} --host 127.0.0.1 --port \${PORT}`,
        evidence: `${entry} (FastAPI)`,
      }
    : { start: `python3 ${entry}`, evidence: `${marker} and ${entry}` };
}

function goModule(folder: string) {
  return existsSync(join(folder, "go.mod")) && existsSync(join(folder, "main.go"))
    ? { start: "go run .", evidence: "go.mod and main.go" }
    : undefined;
}

function staticSite(folder: string) {
  return existsSync(join(folder, "index.html"))
    ? { start: "python3 -m http.server ${PORT} --bind 127.0.0.1", evidence: "index.html" }
    : undefined;
}

const HEALTH = /["'`](\/(?:api\/)?(?:healthz?|health-check|healthcheck|_health|status\/health|livez|readyz))["'`]/;

/** A health route that the sources mention; a static site answers at `/`. */
function healthPath(folder: string): string | null {
  for (const name of files(folder, 3)) {
    const found = HEALTH.exec(read(name) ?? "")?.[1];
    if (found) return found;
  }
  return existsSync(join(folder, "index.html")) ? "/" : null;
}

function files(folder: string, depth: number): string[] {
  const here = readdirSync(folder, { withFileTypes: true });
  const sources = here
    .filter((item) => item.isFile() && /\.(?:[cm]?[jt]sx?|py|go|rb)$/.test(item.name))
    .map((item) => join(folder, item.name));
  return depth === 0
    ? sources
    : [...sources, ...children(folder).flatMap((name) => files(join(folder, name), depth - 1))];
}

function children(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isDirectory() && !SKIPPED.has(item.name) && !item.name.startsWith("."))
    .map((item) => item.name);
}

const LARGEST_SOURCE = 500_000;

function read(path: string): string | undefined {
  try {
    return statSync(path).size > LARGEST_SOURCE ? undefined : readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
