import { describe, expect, it } from "vitest";
import { about, expectedService, judge } from "../testing.ts";
import { DOCKERFILE_RULES } from "./index.ts";

type Files = Record<string, string>;
/** Rule, what it is about, the Dockerfile, what its findings say (`line severity words`), the other files. */
type Row = [rule: string, name: string, text: string, expected: (string | RegExp)[], files?: Files];

const APP: Files = {
  "package.json": '{"scripts":{"start":"node server.js"}}',
  "package-lock.json": "{}",
  "server.js": "",
};

const rows: Row[] = [
  [
    "SM09",
    "values in ENV and ARG",
    "FROM a:1\nENV DB_PASSWORD=hunter2xY7q\nARG API_KEY=abzz91kkq2",
    ["2 error DB_PASSWORD", "3 error API_KEY"],
  ],
  [
    "SM09",
    "an argument for a secret",
    "FROM a:1\nARG NPM_TOKEN\nENV TOKEN=$NPM_TOKEN",
    ["2 error NPM_TOKEN", "3 error TOKEN"],
  ],
  [
    "SM09",
    "names that only speak of secrets",
    "FROM a:1\nENV TOKEN_URL=https://x PASSWORD_FILE=/run/x ALLOW_EMPTY_PASSWORD=yes GPG_KEY=ABCD1234ABCD1234\nARG VITE_STRIPE_PUBLISHABLE_KEY",
    [],
  ],
  ["SM09", "a known password in the image", "FROM a:1\nENV SECRET_KEY=changeme", ["2 warning SECRET_KEY"]],
  ["SM09", "a dummy while building", "FROM a:1 AS b\nENV SECRET_KEY=dummy\nFROM a:1", []],
  ["SM09", "files of secrets", "FROM a:1\nCOPY id_rsa /keys/\nCOPY .env .", ["2 error id_rsa", "3 warning .env"]],
  [
    "SM09",
    "settings of a page in .env.production",
    "FROM a:1\nCOPY .env.production .",
    [],
    { ".env.production": "VITE_URL=https://x" },
  ],
  ["SM09", "a mounted secret", "FROM a:1\nRUN --mount=type=secret,id=npm npm ci", []],

  ["SM10", "npm install", "FROM node:22\nCOPY package*.json ./\nRUN npm install", ["3 warning npm install"], APP],
  ["SM10", "npm install of a program", "FROM node:22\nRUN npm install -g pm2 && npm i express", []],
  [
    "SM10",
    "installs by the lock file",
    "FROM node:22\nRUN npm ci && pnpm i --frozen-lockfile && yarn --immutable && bun install --frozen-lockfile && uv sync --locked",
    [],
  ],
  [
    "SM10",
    "installs beside the lock file",
    "FROM node:22\nRUN yarn\nRUN pnpm install\nRUN uv sync\nRUN bundle install",
    [/yarn may/, /pnpm install may/, /uv sync may/, /bundle install may/],
  ],
  [
    "SM10",
    "pnpm where CI is set, bundle where it is frozen",
    "FROM node:22\nENV CI=true BUNDLE_DEPLOYMENT=1\nRUN pnpm install && bundle install",
    [],
  ],
  ["SM10", "yarn that runs a script", "FROM node:22\nRUN yarn build && yarn --cwd api start", []],
  ["SM10", "sources before manifests", "FROM node:22\nCOPY . .\nRUN npm ci", ["3 note each change"], APP],
  ["SM11", "a compiler below", "FROM golang:1.22\nCMD a", ["1 warning the final stage is built on golang:1.22"]],
  ["SM11", "a compiler in a stage of its own", "FROM golang:1.22 AS b\nFROM alpine:3.20", []],
  ["SM11", "installed compilers", "FROM python:3.12-slim\nRUN apt-get install -y gcc", [/gcc stays/]],
  [
    "SM11",
    "compilers that are removed",
    "FROM python:3.12-slim\nRUN apt-get install -y gcc && make && apt-get purge -y gcc",
    [],
  ],
  ["SM11", "everything without .dockerignore", "FROM a:1\nCOPY . .", ["2 warning there is no .dockerignore"], APP],
  ["SM11", "everything with rules", "FROM a:1\nCOPY . .", [], { ...APP, ".dockerignore": "**/.git\n.env*\n" }],
  [
    "SM11",
    "everything with rules that forget one",
    "FROM a:1\nCOPY . .",
    ["2 warning .dockerignore does not name .env"],
    { ...APP, ".dockerignore": ".git" },
  ],
  [
    "SM11",
    "rules of this Dockerfile alone",
    "FROM a:1\nCOPY . .",
    [],
    { ...APP, "Dockerfile.dockerignore": "*\n!server.js" },
  ],
  [
    "SM11",
    "development dependencies",
    "FROM node:22\nCOPY package.json .\nRUN npm ci",
    [/--omit=dev/],
    { ...APP, "package.json": '{"devDependencies":{"jest":"1"}}' },
  ],
  [
    "SM11",
    "dependencies of production",
    "FROM node:22\nRUN npm ci --omit=dev",
    [],
    { ...APP, "package.json": '{"devDependencies":{"jest":"1"}}' },
  ],
  [
    "SM11",
    "pruned later",
    "FROM node:22\nRUN npm ci\nRUN npm prune --omit=dev",
    [],
    { ...APP, "package.json": '{"devDependencies":{"jest":"1"}}' },
  ],
  [
    "SM11",
    "copied with node_modules",
    "FROM node:22 AS b\nWORKDIR /app\nRUN npm ci\nFROM node:22-slim\nCOPY --from=b /app/node_modules /app/node_modules",
    [/--omit=dev/],
    { ...APP, "package.json": '{"devDependencies":{"jest":"1"}}' },
  ],

  [
    "SM12",
    "the cache of pip",
    "FROM python:3.12\nRUN pip install -r r.txt\nRUN python -m pip install x",
    [/^2 warning pip keeps/, /^3 warning/],
  ],
  [
    "SM12",
    "no cache",
    "FROM python:3.12\nRUN pip install --no-cache-dir x\nRUN --mount=type=cache,target=/var/.cache/pip pip3 install x",
    [],
  ],
  ["SM12", "no cache by a variable", "FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nRUN pip install x", []],
  ["SM12", "a stage that is thrown away", "FROM python:3.12 AS b\nRUN pip install x\nFROM python:3.12", []],
  ["SM12", "a whole file system", "FROM a:1 AS b\nFROM a:1\nCOPY --from=b / /", [/whole file system/]],

  ["SM13", "npm as process 1", 'FROM node:22\nCMD ["npm", "start"]', [/npm start is process 1/]],
  ["SM13", "npm behind an init", 'FROM node:22\nENTRYPOINT ["tini", "--"]\nCMD ["npm", "start"]', []],
  [
    "SM13",
    "yarn in a shell",
    'FROM node:22\nCMD ["sh", "-c", "yarn migrate && exec yarn start"]',
    [/yarn start is process 1/],
  ],
  ["SM13", "the program itself", 'FROM node:22\nCMD ["node", "server.js"]', []],
  [
    "SM13",
    "a fixed PORT where the platform gives it",
    "FROM node:22\nENV PORT=3000",
    [/PORT is given by the platform/],
    { "railway.json": "{}" },
  ],
  ["SM13", "a fixed PORT elsewhere", "FROM node:22\nENV PORT=3000", []],
  [
    "SM13",
    "loopback",
    'FROM a:1\nEXPOSE 80\nCMD ["uvicorn", "a:b", "--host", "127.0.0.1"]',
    [/^3 error it listens on 127.0.0.1/],
  ],
  ["SM13", "loopback by default", 'FROM a:1\nCMD ["flask", "run"]', [/add --host 0.0.0.0/]],
  ["SM13", "loopback by default, told otherwise", 'FROM a:1\nENV FLASK_RUN_HOST=0.0.0.0\nCMD ["flask", "run"]', []],
  ["SM13", "Django's server", "FROM a:1\nCMD python manage.py runserver", [/add 0.0.0.0:8000/]],
  ["SM13", "Django's server on all addresses", "FROM a:1\nCMD python manage.py runserver 0.0.0.0:8000", []],
  ["SM13", "gunicorn with its file", 'FROM a:1\nCMD ["gunicorn", "a:b"]', [], { "gunicorn.conf.py": "" }],
];

describe("rules of builds", () => {
  it.each(rows)("%s: %s", (rule, _, text, expected, files = {}) => {
    const rules = DOCKERFILE_RULES.filter(({ id }) => id === rule);
    const found = about("Dockerfile", judge(rules, { ...files, Dockerfile: text }));
    expect(found).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
  });

  it("an image for work on the code is not asked for what production needs", () => {
    const text = 'FROM node:22\nCOPY . .\nRUN npm install\nEXPOSE 3000\nCMD ["npm", "start"]';
    const found = judge(DOCKERFILE_RULES, { ...APP, "Dockerfile.dev": text, ".devcontainer/Dockerfile": text });
    expect(found.map((line) => line.split(" ")[0])).toEqual(["SM02", "SM02"]);
  });

  it("a worker needs no health check, whatever it exposes", () => {
    const worker = expectedService({ network: false, port: null });
    const files = { Dockerfile: "FROM node:22\nEXPOSE 9100" };
    expect(
      judge(
        DOCKERFILE_RULES.filter(({ id }) => id === "SM03"),
        files,
        [worker],
      ),
    ).toEqual([]);
    expect(
      judge(
        DOCKERFILE_RULES.filter(({ id }) => id === "SM03"),
        files,
        [{ ...worker, network: true }],
      ),
    ).toHaveLength(1);
  });
});
