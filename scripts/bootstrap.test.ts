import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const REPOSITORY = join(import.meta.dirname, "..");
const PINNED = `node-${process.platform}-${process.arch}`;

/** Notes that it was called, takes a while, and makes what the bootstrap looks for; or fails like npm does. */
const FAKE_NPM = `
const fs = require("node:fs");
fs.appendFileSync("npm-calls", process.argv.slice(2).join(" ") + "\\n");
fs.rmSync("node_modules", { recursive: true, force: true });
setTimeout(() => {
  if (fs.existsSync("npm-fails")) {
    console.error("npm error code ENOTFOUND\\nnpm error network request failed\\nnpm error A complete log is elsewhere");
    process.exit(3);
  }
  fs.mkdirSync("node_modules/${PINNED}/bin", { recursive: true });
  fs.writeFileSync("node_modules/${PINNED}/package.json", JSON.stringify({ version: fs.existsSync("other-node") ? "24.0.0" : process.versions.node }));
  fs.symlinkSync(process.execPath, "node_modules/${PINNED}/bin/node");
  fs.mkdirSync("node_modules/vite");
  fs.writeFileSync("node_modules/vite/package.json", JSON.stringify({ bin: { vite: "vite.cjs" } }));
  fs.writeFileSync("node_modules/vite/vite.cjs", 'const fs = require("node:fs"); if (fs.existsSync("broken")) process.exit(1); fs.mkdirSync("dist", { recursive: true }); fs.appendFileSync("../builds", "x");');
}, 300);
`;

/** Prints how it was started; with WAIT it runs on until SIGTERM, which it answers with code 7. */
const FAKE_MAIN = `
const args: string[] = process.argv.slice(2);
if (process.env.WAIT) {
  process.on("SIGTERM", () => process.exit(7));
  setInterval(() => {}, 1_000);
}
console.log(JSON.stringify({ args, pid: process.pid, flags: process.execArgv }));
`;

let root: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "bootstrap-test-")));
  for (const part of ["scripts", "bin"]) await cp(join(REPOSITORY, part), join(root, part), { recursive: true });
  await write("package.json", '{ "type": "module" }');
  await write("package-lock.json", '{ "packages": {} }');
  await write("fake/npm-cli.js", FAKE_NPM);
  await write("fake/package.json", '{ "type": "commonjs" }');
  await write("src/cli/main.ts", FAKE_MAIN);
});

afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
  await rm(root, { recursive: true, force: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

function read(path: string): Promise<string> {
  return readFile(join(root, path), "utf8").catch(() => "");
}

/** What keeps the heap of the daemon small. */
const FLAGS = ["--max-semi-space-size=8"];

function begin(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [...FLAGS, join(root, "scripts/bootstrap.js"), ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, npm_execpath: join(root, "fake/npm-cli.js"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  const seen = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (text: string) => (seen[name] += text));
  const ended = new Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>(
    (resolve) => {
      child.once("close", (code, signal) => resolve({ code, signal, ...seen }));
    },
  );
  return { child, seen, ended };
}

async function run(args: string[], env: Record<string, string> = {}) {
  return await begin(args, env).ended;
}

async function until(ready: () => boolean): Promise<void> {
  for (let waited = 0; !ready(); waited += 50) {
    if (waited > 30_000) throw new Error("it never happened");
    await delay(50);
  }
}

describe("installing", () => {
  test("happens on the first run and when the lock file has changed, and says why", async () => {
    const first = await run(["start"]);
    expect(first).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Installing the packages: node_modules is missing.*\n$/),
    });
    expect(await read("npm-calls")).toMatch(/^ci --ignore-scripts .*\n$/);
    expect(await run(["start"])).toMatchObject({ code: 0, stderr: "" });
    await write("package-lock.json", '{ "packages": {}, "changed": true }');
    expect((await run(["start"])).stderr).toContain("package-lock.json has changed");
    expect((await read("npm-calls")).trim().split("\n")).toHaveLength(2);
  });

  test("two at once: one installs, the other waits for it", async () => {
    const results = await Promise.all([run(["start"]), run(["start"]), run(["start"])]);
    expect(results.map((result) => result.code)).toEqual([0, 0, 0]);
    expect((await read("npm-calls")).trim().split("\n")).toHaveLength(1);
    expect(await readdir(join(root, ".stationmaster"))).toEqual([]);
  });

  test("the lock of a dead process is taken over", async () => {
    const gone = begin(["nothing"]);
    await gone.ended;
    await write(
      ".stationmaster/install.lock/owner.json",
      JSON.stringify({ pid: gone.child.pid, started: "1", host: hostname() }),
    );
    expect((await run(["start"])).code).toBe(0);
  });

  test("a failure is one line with npm's reason and its exit code, and the next run tries again", async () => {
    await write("npm-fails", "");
    const failed = await run(["start"]);
    expect(failed).toMatchObject({ code: 3, stdout: "" });
    expect(failed.stderr.trim().split("\n").at(-1)).toMatch(
      /^error SM-INSTALL: npm ci failed \(exit 3\): network request failed; /,
    );
    expect(await read("node_modules/.stationmaster-lock")).toBe("");
    await rm(join(root, "npm-fails"));
    expect((await run(["start"])).code).toBe(0);
  });

  test("what someone installed with npm ci themselves is taken as it is", async () => {
    await run(["start"]);
    const lock = JSON.stringify({
      packages: {
        "": {},
        "node_modules/a": { version: "1.0.0" },
        "node_modules/b": { version: "1.0.0", optional: true },
      },
    });
    await write("package-lock.json", lock);
    await write(
      "node_modules/.package-lock.json",
      JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0" } } }),
    );
    await rm(join(root, "node_modules/.stationmaster-lock"));
    expect(await run(["start"])).toMatchObject({ code: 0, stderr: "" });
    expect((await read("npm-calls")).trim().split("\n")).toHaveLength(1);
  });
});

describe("start", () => {
  test("runs `up` on the example unless a manifest is named", async () => {
    const args = async (given: string[], env: Record<string, string> = {}) =>
      JSON.parse((await run(["start", ...given], env)).stdout).args;
    const example = ["--config", join(root, "examples/shop/stationmaster.yaml")];
    expect(await args(["--port", "0"])).toEqual(["up", ...example, "--port", "0"]);
    expect(await args(["--config", "mine.yaml"])).toEqual(["up", "--config", "mine.yaml"]);
    expect(await args(["--config=mine.yaml"])).toEqual(["up", "--config=mine.yaml"]);
    expect(await args([], { STATIONMASTER_CONFIG: "mine.yaml" })).toEqual(["up"]);
  });

  test("uses this process when it is the pinned Node already, else one of that Node", async () => {
    const same = begin(["start"]);
    expect(JSON.parse((await same.ended).stdout).pid).toBe(same.child.pid);
    await write(`node_modules/${PINNED}/package.json`, '{ "version": "24.0.0" }');
    const other = begin(["start"]);
    const { pid, flags } = JSON.parse((await other.ended).stdout);
    expect(pid).not.toBe(other.child.pid);
    expect(flags).toEqual(FLAGS);
  });

  test("SIGTERM reaches a child, whose exit code becomes ours; its death by a signal too", async () => {
    await write("other-node", "");
    const stopped = begin(["start"], { WAIT: "1" });
    await until(() => stopped.seen.stdout.includes("\n"));
    stopped.child.kill("SIGTERM");
    expect(await stopped.ended).toMatchObject({ code: 7, signal: null });
    const killed = begin(["start"], { WAIT: "1" });
    await until(() => killed.seen.stdout.includes("\n"));
    process.kill(JSON.parse(killed.seen.stdout).pid, "SIGKILL");
    expect(await killed.ended).toMatchObject({ code: null, signal: "SIGKILL" });
  });

  test("the dashboard is built when its sources changed; a failed build is a warning", async () => {
    await write("web/index.html", "<title>");
    expect((await run(["start"])).stderr).toContain("Building the dashboard");
    expect(await run(["start"])).toMatchObject({ code: 0, stderr: "" });
    await write("web/src/new.ts", "");
    await write("web/broken", "");
    const broken = await run(["start"]);
    expect(broken).toMatchObject({ code: 0, stdout: expect.stringContaining('"up"') });
    expect(broken.stderr).toContain("warning SM-DASHBOARD");
    await rm(join(root, "web/broken"));
    await run(["start"]);
    expect(await read("builds")).toBe("xx");
  });
});

test("an unknown verb is refused before anything is installed", async () => {
  expect(await run(["bogus"])).toMatchObject({
    code: 2,
    stderr: "error SM-USAGE: bootstrap.js takes start, build, test, bench, docs, check\n",
  });
  expect(await read("npm-calls")).toBe("");
});

describe("bin/stationmaster", () => {
  async function launch(path: string, cwd: string, args: string[]) {
    const child = spawn(path, args, { cwd, env: { PATH: process.env.PATH }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const code = await new Promise((resolve) => child.once("close", resolve));
    return { code, output };
  }

  test("runs from anywhere, through links, with its arguments as they are", async () => {
    await run(["start"]);
    await mkdir(join(root, "a b"));
    await symlink(join(root, "bin/stationmaster"), join(root, "a b/first"));
    await symlink("first", join(root, "a b/second"));
    const { code, output } = await launch("./second", join(root, "a b"), ["status", "--json", "x  y", "*"]);
    const { args, flags } = JSON.parse(output);
    expect([code, args, flags]).toEqual([0, ["status", "--json", "x  y", "*"], FLAGS]);
  });

  test("without packages it is one line that says what to do", async () => {
    const { code, output } = await launch(join(root, "bin/stationmaster"), root, []);
    expect([code, output]).toEqual([1, expect.stringMatching(/^error SM-INSTALL: .*`npm start` once.*\n$/)]);
  });
});
