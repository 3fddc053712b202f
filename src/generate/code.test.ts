import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../test/lab/until.ts";
import { freePort } from "../platforms/local/ports.ts";
import { prepare } from "./prepare.ts";
import { openRepository } from "./repository.ts";
import { readBelow, writePrepared } from "./write.ts";

const works = (program: string, args: string[]) => spawnSync(program, args).status === 0;
const HAS_FLASK = works("python3", ["-c", "import flask"]);
const [GO_PROGRAM, GO_FORMATTER] = ["go", "gofmt"];
const HAS_GO = works(GO_PROGRAM, ["version"]);
if (!HAS_FLASK) console.log("skipped: Python with Flask is not installed");
if (!HAS_GO) console.log("skipped: Go is not installed");

let root: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-code-"));
});
afterEach(() => {
  child?.kill("SIGKILL");
  child = undefined;
  rmSync(root, { recursive: true, force: true });
});

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** What `generate KINDS` does here. */
async function generate(kinds: string[], applyCode = false): Promise<string[]> {
  const { plan } = openRepository(root);
  const prepared = await prepare({ plan, current: readBelow(root), kinds, applyCode, today: "2026-01-01" });
  expect(prepared.blocking).toEqual([]);
  writePrepared(root, prepared);
  return prepared.files.filter(({ action }) => action !== "keep").map(({ path, action }) => `${action} ${path}`);
}

/** Starts a program; answers its address, what it wrote and how it ended. */
async function start(program: string, args: string[], env: Record<string, string> = {}) {
  const port = await freePort(new Set());
  const started = spawn(program, args, { cwd: root, env: { ...process.env, ...env, PORT: String(port) } });
  child = started;
  let said = "";
  for (const stream of [started.stdout, started.stderr])
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  const ended = new Promise<number | null>((resolve) => started.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  await until("an answer", async () => (await fetch(`${url}/`).catch(() => undefined)) !== undefined, 20_000);
  return { url, ended, said: () => said, stop: () => started.kill("SIGTERM") };
}

const HONO = {
  "package.json": JSON.stringify({
    ...{ name: "notes", type: "module", scripts: { start: "node server.js" } },
    dependencies: { hono: "4.0.0", "@hono/node-server": "1.0.0" },
  }),
  "server.js": `import { serve } from "@hono/node-server";
import { Hono } from "hono";

const api = new Hono();
// const api = new Hono();
api.use(async (context, next) => (context.req.header("authorization") ? next() : context.text("who are you?", 401)));
api.get("/slow", async (context) => {
  await new Promise((resolve) => setTimeout(resolve, 500));
  return context.text("done");
});
api.all("*", (context) => context.text("nothing here", 404));

const listener = serve({ fetch: api.fetch, port: Number(process.env.PORT ?? 3000) });
`,
};
const packages = () => symlinkSync(new URL("../../node_modules", import.meta.url), join(root, "node_modules"));

describe("code in the files of an application", () => {
  test("Hono: the route answers in front of everything else, and requests end before the process does", async () => {
    write(HONO);
    packages();
    expect((await generate(["health"], true)).sort()).toEqual(["merge server.js"]);
    const app = await start(process.execPath, ["server.js"]);
    expect((await fetch(`${app.url}/x`)).status).toBe(401);
    expect(await (await fetch(`${app.url}/healthz`)).json()).toEqual({ status: "ok" });
    const slow = fetch(`${app.url}/slow`, { headers: { authorization: "x" } }).then((response) => response.text());
    await new Promise((resolve) => setTimeout(resolve, 150));
    app.stop();
    expect(await slow).toBe("done");
    expect(await app.ended).toBe(0);
  });

  test("Hono: each request is a line of JSON; two topics share one marked part, later runs change nothing", async () => {
    write(HONO);
    packages();
    await generate(["health"], true);
    // The route is the application's own by now: nothing of it is written from here any more.
    await generate(["health"]);
    await generate(["logging"], true);
    const both = read("server.js");
    expect(both.match(/stationmaster: begin/g)).toHaveLength(1);
    for (const kinds of [["health"], ["logging"], ["health", "logging"]]) {
      expect(await generate(kinds)).toEqual([]);
      expect(await generate(kinds, true)).toEqual([]);
      expect(read("server.js")).toBe(both);
    }
    expect(existsSync(join(root, "ops"))).toBe(false);
    const app = await start(process.execPath, ["server.js"]);
    await fetch(`${app.url}/seen`);
    await until("the log", () => app.said().includes("/seen"), 5_000);
    const lines = app.said().trim().split("\n");
    expect(lines.map((line) => JSON.parse(line)).find(({ path }) => path === "/seen")).toMatchObject({ status: 401 });
  });

  test("a route that was put there is the health route of the plan", async () => {
    write(HONO);
    expect(openRepository(root).plan.services[0]?.health).toBeNull();
    await generate(["health"], true);
    expect(openRepository(root).plan.services[0]).toMatchObject({ health: "/healthz", gracefulStop: true });
  });

  test("what people change in the marked part stays, also where more is added to it", async () => {
    write(HONO);
    await generate(["health"], true);
    const edited = read("server.js").replace('{ status: "ok" }', '{ status: "fine" }');
    writeFileSync(join(root, "server.js"), edited);
    await generate(["logging"], true);
    expect(read("server.js")).toContain('{ status: "fine" }');
    expect(read("server.js")).toContain("pino(");
    expect(read("server.js").match(/stationmaster: begin/g)).toHaveLength(1);
  });

  test("Node.js: the server that has a name is ended by it", async () => {
    write({
      "package.json": '{ "name": "plain", "scripts": { "start": "node server.js" } }',
      "server.js": `const http = require("node:http");

const web = http.createServer((request, response) => setTimeout(() => response.end("late"), 300));
web.listen(process.env.PORT || 3000);
`,
    });
    expect(await generate(["health"], true)).toEqual(["create ops/health/plain.js", "merge server.js"]);
    const app = await start(process.execPath, ["server.js"]);
    const late = fetch(`${app.url}/`).then((response) => response.text());
    await new Promise((resolve) => setTimeout(resolve, 100));
    app.stop();
    expect(await late).toBe("late");
    expect(await app.ended).toBe(0);
  });

  test.skipIf(!HAS_FLASK)("Flask: the route is there before the server starts", async () => {
    write({
      "requirements.txt": "flask==3.1.0\n",
      "app.py": `import os

from flask import Flask

application = Flask(__name__)


@application.get("/<path:name>")
def page(name):
    return f"page {name}", 404


if __name__ == "__main__":
    application.run(host="0.0.0.0", port=int(os.environ.get("PORT", "5000")))
`,
    });
    expect(await generate(["health"], true)).toContain("merge app.py");
    const app = await start("python3", ["app.py"]);
    expect((await fetch(`${app.url}/x`)).status).toBe(404);
    expect(await (await fetch(`${app.url}/healthz`)).json()).toEqual({ status: "ok" });
  });

  const GO = {
    "go.mod": "module example.com/hello\n\ngo 1.22\n",
    mux: `	mux := http.NewServeMux()
	mux.HandleFunc("/", hello)
	log.Fatal(http.ListenAndServe(":"+port, mux))
`,
    default: `	http.HandleFunc("/", hello)
	log.Fatal(http.ListenAndServe(":"+port, nil))
`,
  };
  test.skipIf(!HAS_GO).each(["mux", "default"] as const)(
    "Go, routes in %s: built, formatted, answers",
    async (form) => {
      write({
        "go.mod": GO["go.mod"],
        "main.go": `package main

import (
	"log"
	"net/http"
	"os"
)

func hello(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
${GO[form]}}
`,
      });
      expect(await generate(["health"], true)).toContain("merge main.go");
      expect(execFileSync(GO_FORMATTER, ["-l", "main.go"], { cwd: root, encoding: "utf8" })).toBe("");
      execFileSync(GO_PROGRAM, ["build", "-o", "hello", "."], { cwd: root, stdio: "pipe" });
      const app = await start(join(root, "hello"), []);
      expect((await fetch(`${app.url}/x`)).status).toBe(404);
      expect(await (await fetch(`${app.url}/healthz`)).json()).toEqual({ status: "ok" });
    },
    120_000,
  );
});

describe("what has no safe place", () => {
  const express = (server: string) => ({
    "package.json": JSON.stringify({
      ...{ name: "shop", scripts: { start: "node server.js" }, dependencies: { express: "4.0.0" } },
    }),
    "server.js": server,
  });
  test.each([
    ["two applications", "const app = express();\nconst admin = express();\napp.listen(3000);\n"],
    ["made in a function", "function make() {\n  const app = express();\n  return app;\n}\nmake().listen(3000);\n"],
    ["made in a comment", "/*\nconst app = express();\n*/\nmodule.exports = express().listen(3000);\n"],
  ])("%s: the code lies beside, the file is as it was", async (_, code) => {
    const files = express(`const express = require("express");\n${code}`);
    write(files);
    const done = await generate(["health"], true);
    expect(read("server.js")).toBe(files["server.js"]);
    expect(done).toContain("create ops/health/shop.js");
    expect(read("ops/health/shop.js")).toContain("It belongs into server.js");
  });

  test("a name that is taken", async () => {
    const code =
      'const express = require("express");\nconst logger = console;\nconst app = express();\napp.listen(3000);\n';
    write(express(code));
    await generate(["logging"], true);
    expect(read("server.js")).toBe(code);
    expect(read("ops/logging/shop.js")).toContain('const pino = require("pino");');
  });

  test("without --apply-code nothing of the application changes, and the second run changes nothing", async () => {
    write(HONO);
    expect((await generate(["health", "logging"])).sort()).toEqual([
      ...["create ops/health/notes-stop.js", "create ops/health/notes.js", "create ops/logging/notes.js"],
    ]);
    expect(read("server.js")).toBe(HONO["server.js"]);
    expect(await generate(["health", "logging"])).toEqual([]);
  });
});

test("a framework that takes files for routes gets one", async () => {
  write({
    "package.json": JSON.stringify({
      ...{ name: "blog", scripts: { build: "next build", start: "next start" } },
      dependencies: { next: "15.0.0", react: "19.0.0" },
    }),
    "src/pages/index.tsx": "export default function Page() { return null; }",
  });
  expect(await generate(["health"], true)).toEqual(["create src/app/healthz/route.ts"]);
  expect(read("src/app/healthz/route.ts")).toContain("export function GET()");
  expect(openRepository(root).plan.services[0]?.health).toBe("/healthz");
  for (const applyCode of [true, false]) {
    expect(await generate(["health"], applyCode)).toEqual([]);
    expect(existsSync(join(root, "src/app/healthz/route.ts"))).toBe(true);
  }
});
