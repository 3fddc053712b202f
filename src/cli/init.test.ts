import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startCommand } from "../../test/lab/command.ts";
import { killAll, processesOf } from "../../test/lab/processes.ts";
import { loadManifest } from "../config/load.ts";
import { Status } from "../contract/status.ts";
import { createTestDatabase } from "../store/testing.ts";

const APPS = {
  "node/server.js": `import { createServer } from "node:http";
createServer((request, response) => response.end("from node")).listen(Number(process.env.PORT), "127.0.0.1");`,
  "python/app.py": `import os
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        print("asked for", self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"from python")
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()`,
  "static/index.html": "from static",
  "go/go.mod": "module example\n",
  "go/main.go": `package main
import ("net/http"; "os")
func main() { http.ListenAndServe(":"+os.Getenv("PORT"), nil) }
`,
};
const hasPython = (() => {
  try {
    return execFileSync("python3", ["--version"]).length > 0;
  } catch {
    return false;
  }
})();

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-init-"));
  chmodSync(root, 0o755);
});
afterEach(() => {
  killAll(root);
  rmSync(root, { recursive: true, force: true });
});

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

test("what init writes is a manifest, and the next step it names can be run", async () => {
  write(APPS);
  const { code, stdout } = await startCommand(["init", "--yes"], { cwd: root }).done;
  expect(code).toBe(0);
  expect(stdout).toContain("next: stationmaster up\n");
  const manifest = loadManifest(join(root, "stationmaster.yaml"));
  expect(Object.keys(manifest.services).sort()).toEqual(["go", "node", "python", "static"]);
  expect(manifest.services.go).toMatchObject({ build: ["go", "build", "-o", "example", "."], start: ["./example"] });
  expect(readFileSync(join(root, ".stationmaster/.gitignore"), "utf8")).toMatch(/^\*\n!\.gitignore\n!base\//);

  const again = await startCommand(["init", "--yes", "--json", root], { cwd: tmpdir() }).done;
  expect(again.code).toBe(2);
  expect(JSON.parse(again.stderr).error.code).toBe("SM-INIT-EXISTS");
  const elsewhere = await startCommand(["init", "--yes", "--force", root], { cwd: dirname(root) }).done;
  expect(elsewhere.stdout).toMatch(/next: stationmaster up --config \S+\/stationmaster\.yaml\n$/);
});

test("what is not written is told: schedules, stores without a word for them, missing secrets, contradicted requirements", async () => {
  write({
    "package.json": JSON.stringify({
      name: "shop",
      scripts: { start: "node server.js" },
      dependencies: { express: "4", ioredis: "5", mongodb: "6" },
    }),
    "server.js": `const app = require("express")();
new (require("ioredis"))(process.env.REDIS_URL);
new (require("mongodb").MongoClient)(process.env.MONGODB_URI);
app.listen(process.env.PORT || 3000);
`,
    "app.json": '{ "cron": [{ "command": "node clean.js", "schedule": "0 3 * * *" }] }',
    "vercel.json": '{ "regions": ["iad1"] }',
    "SPEC-1/spec.md": "# Constraints\n- Region: EU (Frankfurt)\n- Language: Python\n",
  });
  const { code, stdout } = await startCommand(["init", "--yes"], { cwd: root }).done;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^shop: node server\.js, port 3000 \(package\.json:1, server\.js:1\)$/m);
  expect(stdout).toMatch(/^store cache: redis, at \$\{secret:REDIS_URL\} \(server\.js:2\)$/m);
  expect(stdout).toMatch(/^not in the manifest: shop node clean\.js \(0 3 \* \* \*/m);
  expect(stdout).toMatch(/^not in the manifest: mongodb \(server\.js:3\): .+ its address is the secret MONGODB_URI$/m);
  expect(stdout).toContain("warning: SPEC-1/spec.md:2: asks for de, and region is iad1 (vercel.json:1)\n");
  expect(stdout).toContain("warning: SPEC-1/spec.md:3: asks for Python, and shop.language is JavaScript");
  expect(stdout).toContain("first put MONGODB_URI, REDIS_URL into .env\n");

  const { stdout: json } = await startCommand(["init", "--yes", "--force", "--json"], { cwd: root }).done;
  expect(JSON.parse(json)).toMatchObject({
    needed: ["MONGODB_URI", "REDIS_URL"],
    stores: [{ name: "cache" }],
    services: [{ port: 3_000 }],
  });
  const compared = await startCommand(["recommend", "--json"], { cwd: root }).done;
  expect(JSON.parse(compared.stdout).candidates).toHaveLength(7);
  const empty = await startCommand(["recommend", "--json", "SPEC-1"], { cwd: root }).done;
  expect([empty.code, JSON.parse(empty.stderr).error.code]).toEqual([2, "SM-RECOMMEND-NOTHING"]);
});

test("without a terminal the guesses are taken with --yes only, and where nothing is found a file says how to write one", async () => {
  const nothing = await startCommand(["init", "--json"], { cwd: root }).done;
  const { code, next } = JSON.parse(nothing.stderr).error;
  expect(code).toBe("SM-INIT-NOTHING");
  expect(existsSync(/(\/\S+\.md)/.exec(next)?.[1] ?? "")).toBe(true);
  write(APPS);
  const refused = await startCommand(["init"], { cwd: root }).done;
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toContain("SM-CONFIRM");
  expect(existsSync(join(root, "stationmaster.yaml"))).toBe(false);
});

test.skipIf(!hasPython)("what init writes for Node, Python and pages runs", { timeout: 120_000 }, async () => {
  const database = await createTestDatabase();
  try {
    const { "go/go.mod": _, "go/main.go": __, ...apps } = APPS;
    write(apps);
    const run = (...args: string[]) =>
      startCommand(args, { cwd: root, env: { DATABASE_URL: database.url, STATIONMASTER_STATE: join(root, "state") } })
        .done;
    expect((await run("init", "--yes")).code).toBe(0);
    expect(await run("deploy", "--yes")).toMatchObject({ code: 0 });
    const { services } = Status.parse(JSON.parse((await run("status", "--json")).stdout));
    const said = await Promise.all(
      services.map(async ({ name, url }) => `${name}: ${await (await fetch(url ?? "")).text()}`),
    );
    expect(said.sort()).toEqual(["node: from node", "python: from python", "static: from static"]);
    expect((await run("logs", "python")).stdout).toContain("asked for /");
    expect(await run("down")).toMatchObject({ code: 0 });
    expect(processesOf(root)).toEqual([]);
  } finally {
    await database.drop();
  }
});
