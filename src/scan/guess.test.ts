import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { guessServices } from "./guess.ts";

const SERVER_JS = 'require("node:http").createServer((q, s) => s.end(q.url === "/healthz")).listen(process.env.PORT)';
const SERVER_PY = 'HTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()';
const scripts = (start: string, build?: string) => JSON.stringify({ scripts: { start, build } });

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-scan-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

test.each<[string, Record<string, string>, Record<string, unknown>]>([
  ["a script that is node alone", { "package.json": scripts("node server.js") }, { start: "node server.js" }],
  [
    "a script with a variable of ours",
    { "package.json": scripts("node a.js -p $PORT") },
    { start: "node a.js -p $PORT" },
  ],
  ["a script with another variable", { "package.json": scripts("node a.js $HOME") }, { start: "npm start" }],
  ["a script for a shell", { "package.json": scripts("A=1 node server.js && true") }, { start: "npm start" }],
  [
    "a script of an installed tool",
    { "package.json": scripts("next start"), "node_modules/.bin/next": "" },
    { start: "node_modules/.bin/next start" },
  ],
  ["a script of a missing tool", { "package.json": scripts("next start") }, { start: "npm start", build: null }],
  [
    "what has to be built",
    { "package.json": scripts("node out/a.js", "tsc") },
    { start: "node out/a.js", build: "npm run build" },
  ],
  ["what is built", { "package.json": scripts("node a.js", "tsc"), "a.js": "" }, { start: "node a.js", build: null }],
  ["a package without script", { "package.json": "{}", "index.js": "" }, { start: "node index.js" }],
  ["a bare Node server", { "server.js": SERVER_JS }, { start: "node server.js", health: "/healthz", readsPort: true }],
  ["a bare index.js", { "index.js": SERVER_JS, "index.html": "" }, { start: "node index.js" }],
  [
    "a page with its script",
    { "index.html": "", "index.js": "alert(1)" },
    { start: "python3 -m http.server ${PORT} --bind 127.0.0.1", health: "/" },
  ],
  ["a bare Python server", { "app.py": SERVER_PY }, { start: "python3 -u app.py", health: null, readsPort: true }],
  [
    "a bare main.py with a fixed port",
    { "main.py": "HTTPServer(('', 80), H)" },
    { start: "python3 -u main.py", readsPort: false },
  ],
  [
    "an environment of its own",
    { "app.py": "x", "requirements.txt": "", ".venv/bin/python": "" },
    { start: ".venv/bin/python -u app.py" },
  ],
  [
    "FastAPI",
    { "main.py": "api = FastAPI()", "pyproject.toml": "" },
    { start: "python3 -u -m uvicorn main:api --host 127.0.0.1 --port ${PORT}" },
  ],
  [
    "Flask",
    { "app.py": "app = Flask(__name__)" },
    { start: "python3 -u -m flask --app app:app run --port ${PORT}", readsPort: true },
  ],
  ["Django", { "manage.py": "" }, { start: "python3 -u manage.py runserver 127.0.0.1:${PORT} --noreload" }],
  ["Go", { "go.mod": "", "web.go": "package main" }, { build: "go build -o app .", start: "./app" }],
  [
    "Go with a folder app",
    { "go.mod": "", "main.go": "package main", "app/x": "" },
    { build: "go build -o app.bin .", start: "./app.bin" },
  ],
])("%s", (_, files, expected) => {
  write(files);
  expect(guessServices(root)).toMatchObject([{ path: ".", ...expected }]);
});

test.each([
  ["a script that waits for nobody", { "main.py": "print(1)", "index.js": "alert(1)" }],
  ["a Go library", { "go.mod": "", "lib.go": "package lib", "lib_test.go": "package main" }],
  ["broken JSON", { "package.json": "{" }],
])("%s is no service", (_, files) => {
  write(files as unknown as Record<string, string>);
  expect(guessServices(root)).toEqual([]);
});

test("services in folders, with names that differ", () => {
  write({ "a/api/server.js": SERVER_JS, "b/api/app.py": SERVER_PY, "Web Site/index.html": "", "docs/index.html": "" });
  const found = guessServices(root).map(({ name, path }) => `${name} ${path}`);
  expect(found.sort()).toEqual(["api ./a/api", "api-3 ./b/api", "web-site ./Web Site"]);
});
