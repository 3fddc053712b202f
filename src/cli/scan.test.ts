import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startCommand } from "../../test/lab/command.ts";
import { memoryFiles } from "../scan/files.ts";
import { scan } from "../scan/scan.ts";
import { scanLines } from "./scan-lines.ts";
import { explained, whyLines } from "./scan-why.ts";

const FILES = {
  "package.json": JSON.stringify(
    { name: "shop", scripts: { start: "node server.js" }, dependencies: { express: "4" } },
    null,
    1,
  ),
  "server.js": 'const app = require("express")();\napp.get("/health", f);\napp.listen(process.env.PORT || 3000);\n',
  "fly.toml": 'app = "shop"\n[http_service]\ninternal_port = 8080\n',
  "SPEC-1/spec.md": "# Data\n- MySQL, 100 users\n- Something else\n",
};
const REPORT = scan(memoryFiles(FILES));

describe("for people", () => {
  const text = scanLines(REPORT, 3).join("\n");
  test.each([
    ["the start command and where it stands", /^start +node server\.js +100 % +package\.json:4$/m],
    ["the health route", /^health +\/health +85 % +server\.js:2$/m],
    ["what is missing", /^shop +no-metrics +no metrics +backend +server\.js:\d+$/m],
    ["what is wanted", /^users +100 +SPEC-1\/spec\.md:2$/m],
    ["what was not understood", /^SPEC-1\/spec\.md:3 {2}Something else$/m],
  ])("%s", (_, line) => expect(text).toMatch(line));

  test("a value that is assumed says so", () => {
    const [service] = REPORT.services;
    const fact = { value: "x", confidence: 0.6, source: "convention" as const, evidence: [], alternatives: [] };
    const unsure = { ...fact, value: "dist", confidence: 0.3 };
    const report = {
      ...REPORT,
      services: service ? [service] : [],
      facts: { "shop.build": fact, "shop.output": unsure },
    };
    const lines = scanLines(report, 3).join("\n");
    expect(lines).toMatch(/^build +x +60 % assumed/m);
    expect(lines).toContain("too unsure to use: output (dist?)");
  });

  test("words of a repository are no commands for the terminal", () => {
    const files = {
      "package.json": '{"scripts":{"start":"node \\u001b[31m\\u0007x.js"}}',
      "a\u001b]0;x\u0007\n.js": "",
    };
    const shown = scanLines(scan(memoryFiles(files)), 2).join("\n");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(shown.replace(/\u001b\[\d+m/g, "")).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test("the first line is no blank one", () => {
    expect(text).toMatch(/^\S/);
    expect(scanLines(scan(memoryFiles({ Procfile: "web: ./serve\n", serve: "" })), 2)[0]).not.toBe("");
  });
});

describe("nothing found", () => {
  const shown = (files: Record<string, string>) =>
    scanLines(scan(memoryFiles(files)), Object.keys(files).length).join("\n");

  test.each<[string, Record<string, string>, RegExp[]]>([
    ["an empty folder", {}, [/among 0 files$/m, /^Name the folder of an application: stationmaster scan FOLDER$/m]],
    [
      "code without a manifest",
      { "tools/a.py": "x = 1\n", "tools/b.py": "y = 2\n", "README.md": "hello" },
      [
        /among 3 files$/m,
        /2 files of Python without a manifest.* tools\/a\.py:1$/m,
        /^Say what starts it: .*Procfile/m,
      ],
    ],
    [
      "packages that others use",
      {
        "package.json": '{"private":true,"workspaces":["packages/*"]}',
        "packages/x/package.json": '{"name":"x","main":"i.js"}',
      },
      [/^packages\/x +a library.* packages\/x\/package\.json:1$/m],
    ],
    [
      "a manifest that names no program",
      { "package.json": '{"scripts":{"lint":"eslint ."}}', "a/b.js": "" },
      [/^\. +JavaScript, and nothing says what starts it +package\.json:1$/m],
    ],
    ["what cannot be read", { "package.json": "{broken" }, [/^warning: package\.json:1: /m]],
  ])("%s: what is nearest to a service, and what would make it one", (_, files, lines) => {
    const found = shown(files);
    expect(found).toMatch(/^nothing found: no service that could be started or served among/);
    for (const line of lines) expect(found).toMatch(line);
  });

  test("of many only the nearest, and few lines in all", () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`packages/p${at}/package.json`, "{}"]));
    expect(shown(many)).toMatch(/^15 more, see --json$/m);
    expect(shown(many).split("\n").length).toBeLessThan(15);
  });

  test("requirements are told all the same", () => {
    expect(shown({ "SPEC-1/spec.md": "# Data\n- MySQL, 100 users\n" })).toMatch(/^nothing found[\s\S]*^users +100/m);
  });
});

describe("why", () => {
  test("a fact with what lost against it", () => {
    const text = whyLines(explained(REPORT, "shop.port")).join("\n");
    expect(text).toMatch(/^shop\.port = 8080$/m);
    expect(text).toMatch(/^fly\.toml:3 +/m);
    expect(text).toMatch(/^3000 .*server\.js:3 +platform goes before code$/m);
  });

  test("a name alone means every service, and a group each of its facts", () => {
    expect(explained(REPORT, "health").map(({ id }) => id)).toEqual(["shop.health"]);
    expect(explained(REPORT, "shop.env").map(({ id }) => id)).toContain("shop.env.PORT");
    expect(explained(REPORT, "want.users")[0]?.fact?.value).toBe(100);
  });

  test("a fact that nothing shows", () => {
    expect(whyLines(explained(REPORT, "shop.output")).join("\n")).toContain(
      "shop.output is not known: nothing shows the folder of built pages",
    );
  });

  test.each([
    ["shop.prot", /shop\.port/],
    ["helth", /health/],
    ["shpo.start", /shop\.start/],
  ])("%s is unknown; the nearest names are offered", (question, hint) => {
    expect(() => explained(REPORT, question)).toThrow(
      expect.objectContaining({ code: "SM-SCAN-FACT", exitCode: 2, next: expect.stringMatching(hint) }),
    );
  });
});

describe("the command", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "stationmaster-scan-cli-"));
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test("JSON, one fact, and an unknown one", async () => {
    const all = await startCommand(["scan", root, "--json"]).done;
    expect(JSON.parse(all.stdout).services[0]).toMatchObject({
      name: "shop",
      start: "node server.js",
      health: "/health",
    });
    const one = await startCommand(["scan", root, "--explain", "shop.port", "--json"]).done;
    expect(JSON.parse(one.stdout)).toMatchObject([{ id: "shop.port", fact: { value: 8080 } }]);
    const none = await startCommand(["scan", root, "--why", "shop.colour"]).done;
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("SM-SCAN-FACT") });
  });

  test("a folder that is not there", async () => {
    expect(await startCommand(["scan", join(root, "nowhere")]).done).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("SM-SCAN-FOLDER"),
    });
  });
});
