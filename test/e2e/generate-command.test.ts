import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../src/exec/run.ts";

const MAIN = join(import.meta.dirname, "../../src/cli/main.ts");
const KINDS = ["dockerfile", "compose", "env-example"];
let root = "";

async function generate(...words: string[]) {
  const argv = [process.execPath, MAIN, "generate", ...KINDS, root, ...words];
  return await run(argv, { deadlineMs: 60_000, env: { ...(process.env as Record<string, string>), NO_COLOR: "1" } });
}
function bytes(): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => statSync(join(root, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(root, path), "latin1")]));
}
const server = (port: number) => `require("express")().listen(process.env.PORT || ${port});\nprocess.env.API_KEY;\n`;

describe("stationmaster generate", () => {
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "generate-command-"));
    const manifest = { name: "api", scripts: { start: "node server.js" }, dependencies: { express: "4" } };
    writeFileSync(join(root, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(root, "package-lock.json"), "{}\n");
    writeFileSync(join(root, "server.js"), server(3000));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test("--check before the first run: 1, what would be written, and nothing is", async () => {
    const before = bytes();
    const { code, stdout } = await generate("--check");
    expect(code).toBe(1);
    expect(stdout).toContain("+FROM node:");
    expect(bytes()).toEqual(before);
  });

  test("a run writes, --json tells what; then --check is 0", async () => {
    const { code, stdout } = await generate("--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      created: [".dockerignore", ".env.example", "Dockerfile", "compose.dev.yaml", "compose.yaml"],
      modified: [],
      deleted: [],
    });
    const before = bytes();
    expect(await generate("--check")).toMatchObject({ code: 0 });
    expect(bytes()).toEqual(before);
  });

  test("drift: --check is 1 with the difference, --diff is 0 with the same, neither writes", async () => {
    writeFileSync(join(root, "server.js"), server(4100));
    const before = bytes();
    for (const [flag, wanted] of [
      ["--check", 1],
      ["--diff", 0],
    ] as const) {
      const { code, stdout } = await generate(flag);
      expect(code, flag).toBe(wanted);
      expect(stdout).toContain("-EXPOSE 3000\n+EXPOSE 4100\n");
    }
    expect(bytes()).toEqual(before);
  });

  test("a port that one file says otherwise: nothing is written, 1, and the line", async () => {
    await generate();
    writeFileSync(join(root, "Dockerfile"), readFileSync(join(root, "Dockerfile"), "utf8").replace("4100", "4200"));
    const before = bytes();
    const { code, stdout, stderr } = await generate();
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(/error readback Dockerfile:\d+: port of api is 4200 here, and 4100 in the plan/);
    expect(bytes()).toEqual(before);
  });

  test("what a colleague's clone writes is the same", async () => {
    const clone = mkdtempSync(join(tmpdir(), "another-folder-"));
    try {
      cpSync(root, clone, { recursive: true });
      const old = root;
      root = clone;
      const { stdout } = await generate("--json");
      root = old;
      expect(JSON.parse(stdout)).toMatchObject({ created: [], modified: [], deleted: [] });
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });

  test("below a folder of the repository: what was written there is no second application, and the next run changes nothing", async () => {
    const words = [root, "--out", join(root, "made"), "--kinds", "dockerfile", "compose", "grafana"];
    const options = { deadlineMs: 60_000, env: { ...(process.env as Record<string, string>), NO_COLOR: "1" } };
    const again = () => run([process.execPath, MAIN, "generate", ...words], options);
    expect(await again()).toMatchObject({ code: 0 });
    expect(await again()).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to write") });
  });
});
