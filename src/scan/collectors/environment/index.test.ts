import { describe, expect, test } from "vitest";
import type { EnvironmentVariable } from "../../fact.ts";
import { memoryFiles } from "../../files.ts";
import { scan, scanUnits } from "../../scan.ts";
import { takeSnapshot } from "../../snapshot.ts";
import { environmentCollector } from "./index.ts";
import { collectOnly } from "./testing.ts";

const NODE = { "package.json": `{"name":"shop","scripts":{"start":"node server.js"}}` };

function variable(files: Record<string, string>, name: string, unit = ".") {
  const claim = collectOnly(environmentCollector, files, unit).claims.find(({ key }) => key === name);
  return claim && { ...(claim.value as EnvironmentVariable), confidence: claim.confidence, source: claim.source };
}

describe("where a variable is named", () => {
  const rows: [title: string, files: Record<string, string>, name: string, expected: object | undefined][] = [
    [
      "a sample alone: its value, not required",
      { ".env.example": "# Words.\nAPI_HOST=http://localhost:4000\n" },
      "API_HOST",
      { default: "http://localhost:4000", required: false, class: "config", source: "project", confidence: 0.8 },
    ],
    [
      "a sample that says so: required",
      { ".env.sample": "# required: where the API is\nAPI_HOST=\n" },
      "API_HOST",
      { default: null, required: true },
    ],
    [
      "a sample and code: the fallback of the code goes before the sample",
      { ".env.example": "LIMIT=50", "server.js": "const n = process.env.LIMIT || 20" },
      "LIMIT",
      { default: "20", required: false, source: "code" },
    ],
    [
      "a sample and code that needs it",
      { ".env.dist": "API_HOST=http://x.test", "server.js": "connect(process.env.API_HOST)" },
      "API_HOST",
      { default: "http://x.test", required: true },
    ],
    ["a word in place of a value", { "env.example": "API_HOST=<your host>\n" }, "API_HOST", { default: null }],
    ["another word", { ".env.template": "API_HOST=changeme\n" }, "API_HOST", { default: null }],
    ["a value made of others", { ".env.example": "API_HOST=http://${NAME}/\n" }, "API_HOST", { default: null }],
    ["the shape of a key", { ".env.example": "ACCOUNT_ID=AKIAABCDEFGHIJKLMNOP\n" }, "ACCOUNT_ID", { default: null }],
    [
      "an address with a password is a secret",
      { ".env.example": "UPSTREAM=http://bob:pa55@host/x\n" },
      "UPSTREAM",
      { class: "secret", default: null },
    ],
    [
      "a real file: the key alone",
      { ".env": "API_HOST=http://real.test\n" },
      "API_HOST",
      { default: null, confidence: 0.6 },
    ],
    ["a file for tests", { ".env.test": "API_HOST=http://real.test\n" }, "API_HOST", undefined],
    ["code of tests", { "test/server.test.js": "process.env.API_HOST" }, "API_HOST", undefined],
    [
      "code of scripts is for people",
      { "scripts/seed.js": "connect(process.env.API_HOST)" },
      "API_HOST",
      { confidence: 0.45 },
    ],
    [
      "settings for development are no need",
      {
        "config/settings/dev.py": 'import os\nX = os.environ["API_HOST"]',
        "config/settings/base.py": 'X = os.getenv("API_HOST", "h")',
      },
      "API_HOST",
      { required: false, default: "h" },
    ],
    [
      "one place with a fallback is enough",
      { "a.js": "use(process.env.API_HOST)", "b.js": "use(process.env.API_HOST || 'x')" },
      "API_HOST",
      { required: false, default: "x" },
    ],
    [
      "Windows line ends and a byte order mark",
      { "server.js": "\uFEFFconst a = 1;\r\nuse(process.env.API_HOST)\r\n" },
      "API_HOST",
      { required: true },
    ],
    [
      "what a platform gives",
      { "server.js": "listen(process.env.PORT || 3000)" },
      "PORT",
      { class: "provided", default: "3000" },
    ],
    [
      "the mode of Node.js",
      { "server.js": "process.env.NODE_ENV === 'production'" },
      "NODE_ENV",
      { class: "provided" },
    ],
    [
      "a secret has no default",
      { "server.js": "sign(process.env.JWT_SECRET || 'dev-secret')" },
      "JWT_SECRET",
      { class: "secret", default: null },
    ],
    [
      "a key that only an image takes while it is built",
      { Dockerfile: "FROM node:22\nARG BUILD_LABEL\n", ".env.example": "BUILD_LABEL=x\n" },
      "BUILD_LABEL",
      { phase: "build" },
    ],
    [
      "a workflow alone is weak",
      {
        ".github/workflows/ci.yml":
          "env:\n  REGISTRY: ghcr.io\njobs:\n  a:\n    steps:\n      - run: deploy\n        env:\n          KEY: ${{ secrets.DEPLOY_KEY }}\n",
      },
      "DEPLOY_KEY",
      { class: "secret", confidence: 0.3 },
    ],
    ["a sample among documents", { "docs/.env.example": "API_HOST=x\n" }, "API_HOST", undefined],
    [
      "what scripts read gives way",
      { "scripts/seed.js": "connect(process.env.API_HOST)" },
      "API_HOST",
      { source: "default" },
    ],
    ["a mapping of Python", { "a.py": 'from app import config\nx = config.get("API_HOST")' }, "API_HOST", undefined],
    ["npm's own", { "server.js": "process.env.npm_package_version" }, "npm_package_version", undefined],
  ];
  test.each(rows)("%s", (_title, files, name, expected) => {
    const found = variable({ ...NODE, ...files }, name);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });

  test("a secret with a public prefix stays public, without default, and is told", () => {
    const { claims, misses } = collectOnly(environmentCollector, {
      ...NODE,
      ".env.example": "NEXT_PUBLIC_API_SECRET=abc\n",
      "pages/index.js": "fetch(process.env.NEXT_PUBLIC_API_SECRET)",
    });
    expect(claims.find(({ key }) => key === "NEXT_PUBLIC_API_SECRET")?.value).toEqual({
      name: "NEXT_PUBLIC_API_SECRET",
      class: "public",
      phase: "build",
      required: true,
      default: null,
    });
    expect(misses).toMatchObject([{ fact: "env", message: expect.stringContaining("NEXT_PUBLIC_API_SECRET") }]);
  });

  test("libraries of the workspace read for the service, and the sample of the root speaks for it", () => {
    const files = {
      "package.json": `{"workspaces":["apps/*","packages/*"]}`,
      ".env.example": "DB_HOST=localhost\nUNUSED=1\n",
      "apps/api/package.json": `{"name":"api","dependencies":{"@shop/db":"workspace:*"}}`,
      "apps/api/src/index.ts": `import "@shop/db"; listen(process.env.API_PORT);`,
      "packages/db/package.json": `{"name":"@shop/db","dependencies":{"@shop/log":"*"}}`,
      "packages/db/src/index.ts": "export const host = process.env.DB_HOST;",
      "packages/log/package.json": `{"name":"@shop/log"}`,
      "packages/log/src/index.ts": `export const level = process.env.LOG_LEVEL ?? "info";`,
      "packages/other/package.json": `{"name":"@shop/other"}`,
      "packages/other/src/index.ts": "process.env.OTHER",
    };
    const { claims } = collectOnly(environmentCollector, files, "apps/api");
    expect(claims.map(({ key }) => key).sort()).toEqual(["API_PORT", "DB_HOST", "LOG_LEVEL"]);
    expect(claims.find(({ key }) => key === "DB_HOST")?.value).toMatchObject({ default: "localhost", required: true });
    expect(claims.find(({ key }) => key === "DB_HOST")?.evidence.map(({ file, line }) => `${file}:${line}`)).toEqual([
      "packages/db/src/index.ts:1",
      ".env.example:1",
    ]);
  });

  test("nothing of an env file but its keys leaves the scan", () => {
    const planted = [
      "hunter2-real",
      "sk_live_PLANTED0001",
      "pw-in-url-9",
      "multi\nline-PLANTED",
      "AKIAPLANTEDPLANTED00",
    ];
    const files = memoryFiles({
      ...NODE,
      "server.js": "start(process.env.DB_PASSWORD, process.env.STRIPE, process.env.PLAIN)",
      ".env": `DB_PASSWORD=${planted[0]}\nPLAIN="${planted[3]}"\n# old: ${planted[4]}\n`,
      ".env.production": `STRIPE=${planted[1]} # ${planted[4]}\nexport UPSTREAM='https://u:${planted[2]}@h/'\n`,
      ".env.example": `STRIPE=${planted[1]}\nUPSTREAM=https://u:${planted[2]}@h/\nDB_PASSWORD=${planted[0]}\n`,
      "config/local.env": `OTHER_KEY=${planted[1]}\n`,
    });
    const { units, misses } = scanUnits(takeSnapshot(files));
    const text = JSON.stringify([scan(files), misses, units.map(({ facts }) => [...facts])]);
    expect(text).toContain("DB_PASSWORD");
    for (const secret of [...planted, "line-PLANTED", "PLANTED"]) expect(text).not.toContain(secret);
  });

  test("evidence of a line with a value tells nothing of the value", () => {
    const hash = (value: string) =>
      collectOnly(environmentCollector, { ...NODE, ".env": `PIN=${value}\n` }).claims[0]?.evidence[0]?.hash;
    expect(hash("1234")).toBe(hash("9876"));
  });
});
