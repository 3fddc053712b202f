import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LintReport } from "../contract/lint.ts";
import { RULES } from "../lint/registry.ts";
import { annotations } from "./check-files-lines.ts";

const MAIN = join(import.meta.dirname, "main.ts");
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "sm-check-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function folder(name: string, files: Record<string, string>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, name, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return join(root, name);
}

function check(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { GITHUB_ACTIONS: _, ...own } = process.env;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, "check", ...args],
      { env: { ...own, NO_COLOR: "1", ...env } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const ROOT_USER = "FROM node:22\nUSER root\n";

describe("stationmaster check", () => {
  it("tells findings by file, how to keep them, and fails for errors", async () => {
    const path = await folder("text", { "api/Dockerfile": ROOT_USER });
    const { code, stdout } = await check([path]);
    expect(code).toBe(1);
    expect(stdout.split("\n").slice(0, 2)).toEqual([
      "api/Dockerfile",
      "     2  error    SM02  the image runs as root: name another user at the end",
    ]);
    expect(stdout).toMatch(/^1 error$/m);
    expect(stdout).toMatch(/# stationmaster-ignore SM02: reason/);
  });

  it("says what was not looked at, beside what was found", async () => {
    const path = await folder("links", { "a/b.txt": "x" });
    await symlink("/nowhere", join(path, "Dockerfile"));
    expect(await check([path])).toMatchObject({
      code: 0,
      stdout: "nothing found\n",
      stderr: expect.stringMatching(/^not checked: Dockerfile: .+\n$/),
    });
  });

  it("takes an empty word for a mistake, not for the folder it runs in", async () => {
    expect(await check([""])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^error SM-USAGE: /),
    });
  });

  it("ends well where nothing but warnings is found", async () => {
    const path = await folder("fine", { Dockerfile: "FROM node:22\nUSER 1000\nCMD npm start\n" });
    expect(await check([path])).toMatchObject({ code: 0, stderr: "" });
    expect((await check([await folder("none", { "a.txt": "x" })])).stdout).toBe("nothing found\n");
  });

  it("tells JSON in the form that is promised", async () => {
    const path = await folder("json", {
      Dockerfile: "FROM node:22\n# stationmaster-ignore SM06: why\nADD a b\nUSER 1000\nCMD node a.js\n",
    });
    const { stdout, code } = await check([path, "--json"]);
    expect(code).toBe(0);
    const { findings } = LintReport.parse(JSON.parse(stdout));
    expect(findings.map(({ rule, line, fix, suppressed }) => [rule, line, fix, suppressed?.reason])).toEqual([
      ["SM06", 3, "write COPY", "why"],
      ["SM05", 5, 'write CMD ["node", "a.js"]', undefined],
    ]);
  });

  it("tells SARIF, annotations of GitHub, and the rules", async () => {
    const path = await folder("forms", { Dockerfile: ROOT_USER });
    expect(JSON.parse((await check([path, "--sarif"])).stdout).runs[0].results).toHaveLength(1);
    const line =
      "::error file=Dockerfile,line=2,col=1,endLine=2,title=SM02::the image runs as root: name another user at the end";
    expect((await check([path], { GITHUB_ACTIONS: "true" })).stdout).toContain(line);
    expect((await check([path, "--github"])).stdout).toContain(line);
    expect((await check([path])).stdout).not.toContain("::error");
    expect((await check(["--rules"])).stdout.trimEnd().split("\n")).toHaveLength(RULES.length);
    expect(JSON.parse((await check(["--rules", "--json"])).stdout).rules[0]).toMatchObject({
      id: "SM01",
      severity: "error",
    });
  });

  it("mends files and keeps their mark and line ends", async () => {
    const path = await folder("fix", {
      Dockerfile: "\uFEFFFROM python:3.12\r\nUSER 1000\r\nRUN pip install x\r\nCMD python a.py\r\n",
    });
    const { stdout, code } = await check([path, "--fix"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^fixed Dockerfile\n {5}3 {2}SM12 {2}add --no-cache-dir\n {5}4 {2}SM05 {2}write CMD/);
    expect(await readFile(join(path, "Dockerfile"), "utf8")).toBe(
      '\uFEFFFROM python:3.12\r\nUSER 1000\r\nRUN pip install --no-cache-dir x\r\nCMD ["python", "a.py"]\r\n',
    );
    expect((await check([path])).stdout).toBe("nothing found\n");
  });

  it("takes a file or a folder below the manifest, whose suppressions hold", async () => {
    const suppress =
      "generate:\n  suppress:\n    - { rule: SM02, path: 'api/**', reason: binds port 80, until: 2999-01-01 }\n    - { rule: SM03 }\n    - { rule: SM2, reason: a slip }\n";
    const path = await folder("below", {
      "stationmaster.yaml": suppress,
      "api/Dockerfile": ROOT_USER,
      "web/Dockerfile": ROOT_USER,
    });
    const below = await check([join(path, "api"), "--json"]);
    expect(below.code).toBe(0);
    expect(JSON.parse(below.stdout).findings).toMatchObject([
      { rule: "suppression", file: "stationmaster.yaml", line: 4 },
      { rule: "suppression", line: 5, message: expect.stringContaining("there is no rule SM2") },
      { rule: "SM02", file: "api/Dockerfile", suppressed: { reason: "binds port 80", by: "manifest" } },
    ]);
    const file = await check([join(path, "web/Dockerfile"), "--json"]);
    expect(file.code).toBe(1);
    expect(
      JSON.parse(file.stdout).findings.filter(({ suppressed }: { suppressed: unknown }) => !suppressed),
    ).toMatchObject([{ rule: "suppression" }, { rule: "suppression" }, { rule: "SM02", file: "web/Dockerfile" }]);
  });

  it("judges a file that git ignores when it is named", async () => {
    const path = await folder("ignored", { ".gitignore": "*.local\n", "Dockerfile.local": "FROM node\n" });
    expect(JSON.parse((await check([path, "--json"])).stdout).findings).toEqual([]);
    expect(JSON.parse((await check([join(path, "Dockerfile.local"), "--json"])).stdout).findings).not.toEqual([]);
  });

  it("names places from the repository on for those who know nothing else", async () => {
    const path = await folder("whole", { ".git/HEAD": "", "deploy/api/Dockerfile": ROOT_USER });
    const below = join(path, "deploy");
    const { results } = JSON.parse((await check([below, "--sarif"])).stdout).runs[0];
    expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("deploy/api/Dockerfile");
    expect((await check([below, "--github"])).stdout).toContain("::error file=deploy/api/Dockerfile,");
    expect(JSON.parse((await check([below, "--json"])).stdout).findings[0].file).toBe("api/Dockerfile");
  });

  it("a manifest that is no file is none; one that was named has to be there", async () => {
    const path = await folder("odd", { "stationmaster.yaml/x": "", Dockerfile: ROOT_USER });
    expect(JSON.parse((await check([path, "--json"])).stdout).findings).toMatchObject([{ rule: "SM02" }]);
    const named = await check([path, "--config", join(path, "none.yaml")]);
    expect(named).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/^error SM-CHECK-PATH: .*\n$/) });
  });

  it("refuses a path that is none, and two forms at once", async () => {
    expect(await check([join(root, "nowhere")])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("SM-CHECK-PATH"),
    });
    expect(await check([root, "--json", "--sarif"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("SM-USAGE"),
    });
  });
});

it("annotations take any words", () => {
  expect(
    annotations([{ rule: "SM01", severity: "note", file: "a,b:c", line: 1, message: "50%\nof it" }], "api/"),
  ).toEqual(["::notice file=api/a%2Cb%3Ac,line=1,title=SM01::50%25%0Aof it"]);
});

describe("what answers its own machine alone", () => {
  const files = {
    "package.json": '{"name":"api","scripts":{"start":"node server.js"},"dependencies":{"express":"4"}}',
    "server.js": 'const app = require("express")();\napp.listen(3000, "127.0.0.1");\n',
  };

  it("is a warning where the repository has containers", async () => {
    const { stdout } = await check([await folder("loopback", { ...files, "compose.yaml": "services: {}\n" })]);
    expect(stdout).toMatch(/server\.js[\s\S]* 2 {2}warning +loopback-bind +api listens on the loopback address/);
  });

  it("is as it should be behind a proxy of the same machine", async () => {
    expect((await check([await folder("loopback-alone", files)])).stdout).not.toContain("loopback");
  });
});
