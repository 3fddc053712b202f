import { describe, expect, it } from "vitest";
import { memoryTree } from "../formats/tree.ts";
import { checkFiles } from "./check.ts";
import { fixFiles } from "./fix.ts";
import { RULES } from "./registry.ts";

const TODAY = "2026-11-22";
const fix = async (files: Record<string, string>) => fixFiles({ tree: memoryTree(files), today: TODAY });
const APP = { "package.json": "{}", "package-lock.json": "{}", "app.js": "", ".dockerignore": ".git\n.env\n" };

describe("fixes", () => {
  const rows: [name: string, before: string, after: string][] = [
    [
      "apt",
      "RUN apt-get update && apt install curl",
      "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
    ],
    [
      "apt over lines",
      "RUN apt-get update \\\n # why\n && apt-get install curl",
      "RUN apt-get update \\\n # why\n && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
    ],
    [
      "apt before a comment",
      "RUN apt-get update && apt-get install -y --no-install-recommends curl # for the check",
      "RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/* # for the check",
    ],
    ["pip", "RUN pip install x", "RUN pip install --no-cache-dir x"],
    ["npm", "COPY package*.json ./\nRUN npm install --omit=dev", "COPY package*.json ./\nRUN npm ci --omit=dev"],
    ["ADD", "ADD app.js /app/", "COPY app.js /app/"],
    ["a shell form", "CMD exec node app.js --name 'a b'", 'CMD ["node", "app.js", "--name", "a b"]'],
    ["a relative folder", "WORKDIR app", "WORKDIR /app"],
  ];
  it.each(rows)("%s: done once, then nothing is left to do", async (_, before, after) => {
    const text = (body: string) => `FROM python:3.12\n${body}\nUSER 1000\n`;
    const { files } = await fix({ ...APP, Dockerfile: text(before) });
    expect(files.map(({ path, text: now }) => [path, now])).toEqual([["Dockerfile", text(after)]]);
    const again = await fix({ ...APP, Dockerfile: text(after) });
    expect(again.files).toEqual([]);
    expect(again.findings.filter((finding) => finding.fix)).toEqual([]);
  });

  const left: [name: string, body: string][] = [
    ["a shell form that needs its shell", "CMD node $APP && b"],
    ["a shell form with both instructions", 'ENTRYPOINT ["x"]\nCMD node app.js'],
    ["npm install before the lock file is there", "COPY package.json ./\nRUN npm install"],
    ["lists that a later instruction needs", "RUN apt-get update\nRUN apt-get install -y --no-install-recommends x"],
    ["what a comment keeps", "# stationmaster-ignore SM06: it is unpacked later\nADD app.js /app/"],
  ];
  it.each(left)("%s stays", async (_, body) => {
    expect((await fix({ ...APP, Dockerfile: `FROM debian:12\n${body}\nUSER 1000\n` })).files).toEqual([]);
  });
});

it("rules that say they mend something do, and no other does", async () => {
  const findings = await checkFiles({
    today: TODAY,
    tree: memoryTree({
      ...APP,
      Dockerfile:
        "FROM node:24\nWORKDIR app\nADD app.js ./\nCOPY package*.json ./\nRUN npm install\nRUN apt install x\nRUN pip install x\nCMD node app.js\n",
      "compose.yaml": "version: '3'\nservices:\n  a: { image: 'a:1' }\n",
      ".github/workflows/ci.yml":
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: npm test\n",
    }),
  });
  const mending = new Set(findings.filter(({ fix: one }) => one).map(({ rule }) => rule));
  expect(RULES.filter(({ fixable }) => fixable).map(({ id }) => id)).toEqual([...mending].sort());
});
