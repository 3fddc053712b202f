import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../test/lab/until.ts";
import { findProgram } from "../../test/labs/missing.ts";
import { loadManifest } from "../config/load.ts";

const SCRIPT = findProgram("script");
if (!SCRIPT) console.log("skipped: script (util-linux) is not installed, so there is no terminal to ask on");
const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

let root: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stationmaster-asked-"));
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

/** `init` on a terminal of its own; types each answer when its question is there. */
async function init(answers: readonly (readonly [question: string, keys: string])[]) {
  // A terminal without a size breaks the line after each letter.
  const command = `stty cols 120 rows 40; '${process.execPath}' '${MAIN}' init`;
  const started = spawn(SCRIPT ?? "", ["-qec", command, "/dev/null"], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1", TERM: "xterm", COLUMNS: "200" },
  });
  child = started;
  let said = "";
  started.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const plain = () => stripVTControlCharacters(said).replace(/\s/g, "");
  const ended = new Promise<number | null>((resolve) => started.once("exit", resolve));
  for (const [question, keys] of answers) {
    await until(question, () => plain().includes(question.replace(/\s/g, "")), 20_000);
    if (keys === "EOF") started.stdin.end();
    else started.stdin.write(keys);
  }
  return { code: await ended, said: plain() };
}

const SERVER = `import { createServer } from "node:http";
createServer((request, response) => response.end("hello")).listen(process.env.PORT || 3000);
`;
const NODE = {
  "package.json": '{ "name": "api", "type": "module", "scripts": { "start": "node server.js" } }',
  "server.js": SERVER,
};
const manifest = () => loadManifest(join(root, "stationmaster.yaml"));

describe.skipIf(!SCRIPT)("what init asks", () => {
  test("nothing, where the repository tells it", { timeout: 60_000 }, async () => {
    write({
      ...NODE,
      "server.js": SERVER.replace("response.end", 'request.url === "/healthz" ? response.end("ok") : response.end'),
      "railway.json": "{}",
    });
    const { code, said } = await init([]);
    expect({ code, said }).toMatchObject({ code: 0 });
    expect(said).not.toContain("startcommand");
    expect(manifest().services.api).toMatchObject({ start: ["node", "server.js"] });
  });

  test("the health path, where none was found; an answer that is none is asked for again", {
    timeout: 60_000,
  }, async () => {
    write(NODE);
    const { code } = await init([
      ["api: health path", "up\r"],
      ["a path that starts with /", "\u007f\u007f/up\r"],
    ]);
    expect(code).toBe(0);
    expect(manifest().services.api?.health).toMatchObject({ path: "/up" });
  });

  test("a service, where nothing looks like one", { timeout: 60_000 }, async () => {
    const { code } = await init([
      ["app (.): start command", "node x.js --port ${PORT}\r"],
      ["app: health path", "\r"],
    ]);
    expect(code).toBe(0);
    expect(manifest().services.app).toMatchObject({ start: ["node", "x.js", "--port", "${PORT}"] });
  });

  test("one of several that nothing tells how to start may be left out, and it is said", {
    timeout: 60_000,
  }, async () => {
    write({
      "api/package.json": NODE["package.json"],
      "api/server.js": SERVER.replace("response.end", 'request.url === "/healthz" ? response.end("ok") : response.end'),
      "engine/Dockerfile": "FROM scratch\nCOPY engine /engine\nEXPOSE 8080\n",
      "engine/main.zig": "pub fn main() void {}\n",
      "railway.json": "{}",
    });
    const { code, said } = await init([["engine (engine): start command (empty to leave it out)", "\r"]]);
    expect(code).toBe(0);
    expect(Object.keys(manifest().services)).toEqual(["api"]);
    expect(said).toContain("notinthemanifest:engine(engine):nothingtellshowitisstarted");
  });

  test.each([
    ["Ctrl-C", "\u0003"],
    ["the end of the terminal", "EOF"],
  ])("%s: nothing is written", { timeout: 60_000 }, async (_, keys) => {
    write(NODE);
    const { code, said } = await init([["api: health path", keys]]);
    expect(code).toBe(2);
    expect(said).not.toContain("unsettled");
    expect(existsSync(join(root, "stationmaster.yaml"))).toBe(false);
  });
});
