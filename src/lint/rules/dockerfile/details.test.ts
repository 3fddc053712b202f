import { expect, it } from "vitest";
import { memoryTree } from "../../../formats/tree.ts";
import { fixFiles } from "../../fix.ts";
import { about, judge } from "../testing.ts";
import { DOCKERFILE_RULES } from "./index.ts";

type Files = Record<string, string>;
/** Rule, what it is about, the Dockerfile, what its findings say (`line severity words`), the other files. */
type Row = [rule: string, name: string, text: string, expected: RegExp[], files?: Files];

const TOKEN = ["npm_", "q7ZpL2vX9tRwK4mN", "8sYbD3fGh5JkPqRs1uVw"].join("");
const CARGO: Files = { "Cargo.lock": "version = 4\n", "Cargo.toml": '[package]\nname = "a"\n', "src/main.rs": "" };

const rows: Row[] = [
  [
    "SM01",
    "an image that is mounted",
    "FROM a:1\nRUN --mount=from=ghcr.io/astral-sh/uv:latest,source=/uv,target=/bin/uv uv sync --locked",
    [/^2 warning ghcr\.io\/astral-sh\/uv:latest moves/],
  ],
  ["SM01", "a stage that is mounted", "FROM a:1 AS b\nFROM a:1\nRUN --mount=from=b,target=/b make", []],

  ["SM05", "a shell that makes room", "FROM a:1\nCMD exec node a.js --port $PORT", []],
  ["SM05", "a shell that makes room at last", "FROM a:1\nCMD ./migrate && exec node a.js", []],
  ["SM05", "a shell that reads a pipe", "FROM a:1\nCMD ./a | exec tee log", [/^2 warning CMD runs in a shell/]],

  [
    "SM09",
    "settings with a token",
    "FROM a:1\nCOPY .npmrc package.json ./",
    [/^2 error \.npmrc becomes a layer/],
    { ".npmrc": `//npm.acme.io/:_authToken=${TOKEN}\n`, "package.json": "{}" },
  ],
  [
    "SM09",
    "settings that take it from outside",
    "FROM a:1\nCOPY .npmrc package.json ./",
    [],
    { ".npmrc": "//npm.acme.io/:_authToken=${NPM_TOKEN}\nengine-strict=true\n", "package.json": "{}" },
  ],

  [
    "SM10",
    "cargo without --locked",
    "FROM rust:1 AS b\nCOPY Cargo.toml Cargo.lock ./\nRUN cargo build --release",
    [/^3 warning cargo build may take other versions .*add --locked/],
    CARGO,
  ],
  [
    "SM10",
    "cargo as the lock file says",
    "FROM rust:1\nCOPY Cargo.* ./\nRUN cargo build --locked --release",
    [],
    CARGO,
  ],
  ["SM10", "cargo for a tool", "FROM rust:1\nRUN cargo install sqlx-cli --version 0.8.2", [], CARGO],
  [
    "SM10",
    "deno without --frozen",
    "FROM a:1\nCOPY deno.json deno.lock ./\nRUN deno install",
    [/^3 warning deno install .*add --frozen/],
    { "deno.json": "{}", "deno.lock": "{}" },
  ],
  ["SM10", "deno without a lock file", "FROM a:1\nCOPY deno.json ./\nRUN deno install", [], { "deno.json": "{}" }],
  [
    "SM10",
    "a restore beside its lock file",
    "FROM a:1\nCOPY *.csproj packages.lock.json ./\nRUN dotnet restore",
    [/^3 warning dotnet restore .*--locked-mode/],
    { "a.csproj": "<Project/>", "packages.lock.json": "{}" },
  ],
  ["SM10", "a restore without one", "FROM a:1\nCOPY *.csproj ./\nRUN dotnet restore", [], { "a.csproj": "<Project/>" }],

  ["SM11", "the history", "FROM a:1\nCOPY .git ./.git", [/^2 warning \.git ends in the final image/]],
  ["SM11", "the history in a stage", "FROM a:1 AS b\nCOPY .git .git\nFROM a:1\nCOPY --from=b /v /v", []],
  ["SM11", "a file of that name alone", "FROM a:1\nCOPY .gitignore ./", []],

  [
    "SM11",
    "tools of development of Python",
    "FROM python:3.13\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --locked",
    [/^3 warning development dependencies .*uv sync --no-dev/],
    { "pyproject.toml": '[project]\nname = "a"\n[dependency-groups]\ndev = ["pytest"]\n', "uv.lock": "" },
  ],
  [
    "SM11",
    "tools of development in an environment that is copied",
    "FROM python:3.13 AS b\nCOPY pyproject.toml poetry.lock ./\nRUN poetry install\nFROM python:3.13-slim\nCOPY --from=b /app/.venv /app/.venv",
    [/^3 warning development dependencies .*poetry install --only main/],
    { "pyproject.toml": '[tool.poetry.group.dev.dependencies]\npytest = "^8"\n', "poetry.lock": "" },
  ],
  [
    "SM11",
    "Python without them",
    "FROM python:3.13\nENV UV_NO_DEV=1\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --locked",
    [],
    { "pyproject.toml": '[dependency-groups]\ndev = ["pytest"]\n', "uv.lock": "" },
  ],
  [
    "SM11",
    "Python that has none",
    "FROM python:3.13\nCOPY pyproject.toml poetry.lock ./\nRUN poetry install",
    [],
    { "pyproject.toml": "[tool.poetry.dependencies]\nflask = '*'\n", "poetry.lock": "" },
  ],

  ["SM12", "pip told before", "FROM python:3.13\nRUN pip config set global.no-cache-dir true && pip install a==1", []],

  [
    "SM13",
    "a shell of Debian that stays",
    'FROM node:24-slim\nCMD ["sh", "-c", "npx prisma migrate deploy && node server.js"]',
    [/^2 warning sh stays process 1 .*exec before node/],
  ],
  ["SM13", "a shell that makes room", 'FROM node:24-slim\nCMD ["sh", "-c", "exec node a.js --port $PORT"]', []],
  ["SM13", "a shell of Alpine", 'FROM node:24-alpine\nCMD ["sh", "-c", "./migrate && node a.js"]', []],
  ["SM13", "bash", 'FROM node:24-slim\nCMD ["bash", "-c", "./migrate && node a.js"]', []],
  ["SM13", "a shell below an init", 'FROM node:24\nENTRYPOINT ["tini", "--"]\nCMD ["sh", "-c", "a && node a.js"]', []],
  ["SM13", "a shell that waits", 'FROM node:24\nCMD ["sh", "-c", "trap stop TERM; node a.js & wait"]', []],
  ["SM13", "a shell of another image", 'FROM acme/base:1\nCMD ["sh", "-c", "a && b"]', []],
  ["SM13", "a signal that nobody hears", "FROM a:1\nSTOPSIGNAL SIGKILL", [/^2 warning SIGKILL ends/]],
  ["SM13", "another signal", "FROM a:1\nSTOPSIGNAL SIGQUIT", []],
];

it.each(rows)("%s: %s", (id, _, text, expected, files = {}) => {
  const rule = DOCKERFILE_RULES.filter((one) => one.id === id);
  const found = about("Dockerfile", judge(rule, { ...files, Dockerfile: text }));
  expect(found).toHaveLength(expected.length);
  for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
});

it("an option that was added is no finding any more", async () => {
  const files = { ...CARGO, Dockerfile: "FROM rust:1\nCOPY Cargo.toml Cargo.lock ./\nRUN cargo build --release\n" };
  const { files: fixed, findings } = await fixFiles({ tree: memoryTree(files), today: "2027-01-01" });
  expect(fixed).toEqual([expect.objectContaining({ text: expect.stringContaining("cargo build --locked --release") })]);
  expect(findings.filter(({ rule }) => rule === "SM10")).toEqual([]);
});
