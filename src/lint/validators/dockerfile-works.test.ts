import { describe, expect, it } from "vitest";
import { expectedService, validated } from "../rules/testing.ts";
import { dockerfileWorks } from "./dockerfile-works.ts";

type Files = Record<string, string>;
type Row = [name: string, text: string, expected: RegExp[], files?: Files];

const APP: Files = {
  "package.json": '{"scripts":{"start":"node server.js","build":"tsc"}}',
  "package-lock.json": "{}",
  "server.js": "",
  "src/index.ts": "",
};
const NODE = "FROM node:22-slim\nWORKDIR /app\n";

const rows: Row[] = [
  ["a source that is not there", `${NODE}COPY sever.js .`, [/:3 sever.js is not in the build context$/], APP],
  ["a source in another folder", `${NODE}COPY index.ts .`, [/; src\/index.ts is$/], APP],
  [
    "a source that is left out",
    `${NODE}COPY src src`,
    [/left out by \.dockerignore/],
    { ...APP, ".dockerignore": "src\n" },
  ],
  [
    "a source that is let in again",
    `${NODE}COPY src/index.ts src/`,
    [],
    { ...APP, ".dockerignore": "src\n!src/index.ts\n" },
  ],
  ["a source outside", `${NODE}COPY ../x .`, [/lies outside/], APP],
  ["a pattern that matches nothing", `${NODE}COPY yarn.loc[k] *.toml ./`, [], APP],
  ["what a build makes before", `${NODE}COPY dist/ .\nCOPY target/app.jar .`, [], APP],
  ["what git ignores", `${NODE}COPY config.local.js .`, [], { ...APP, ".gitignore": "*.local.js\n" }],
  ["a submodule", `${NODE}COPY theme/x.css .`, [], { ...APP, ".gitmodules": "[submodule]\n  path = theme\n" }],
  ["a Dockerfile alone tells nothing of its context", `${NODE}COPY a b c/`, []],
  [
    "addresses, variables, here-documents",
    `${NODE}ARG F\nADD https://x.example/a /a\nCOPY $F .\nCOPY <<EOF /x\n1\nEOF`,
    [],
    APP,
  ],

  [
    "a file that no stage made",
    `${NODE.replace("-slim", " AS b")}COPY server.js .\nFROM node:22\nCOPY --from=b /app/dist /d`,
    [/stage b has no \/app\/dist/],
    APP,
  ],
  [
    "a file that a stage made",
    `${NODE.replace("-slim", " AS b")}COPY . .\nRUN npm run build\nFROM node:22\nCOPY --from=b /app/dist /d`,
    [],
    APP,
  ],
  [
    "a file that a stage copied",
    `${NODE.replace("-slim", " AS b")}COPY src src\nFROM node:22\nCOPY --from=b /app/src/index.ts /d/`,
    [],
    APP,
  ],
  [
    "a binary",
    'FROM golang:1.22 AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/api ./cmd\nFROM scratch\nCOPY --from=b /out/api /api\nENTRYPOINT ["/api"]',
    [],
    { "go.mod": "", "cmd/main.go": "" },
  ],
  [
    "a binary of another name",
    "FROM golang:1.22 AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/api ./cmd\nFROM scratch\nCOPY --from=b /out/app /api",
    [/no \/out\/app/],
    { "go.mod": "", "cmd/main.go": "" },
  ],
  [
    "what an unknown program may have made",
    `${NODE.replace("-slim", " AS b")}RUN ./make-it\nFROM node:22\nCOPY --from=b /out /d`,
    [],
    APP,
  ],
  ["an image of others may have anything", "FROM acme/base:1 AS b\nFROM node:22\nCOPY --from=b /app/x /x", [], APP],

  [
    "npm ci without a lock file",
    `${NODE}COPY package.json .\nRUN npm ci`,
    [/:4 npm ci needs package-lock.json, which the repository does not have/],
    { "package.json": "{}" },
  ],
  [
    "npm ci before the lock file is copied",
    `${NODE}COPY package.json .\nRUN npm ci`,
    [/where nothing was copied/],
    APP,
  ],
  [
    "npm ci beside the lock file of yarn",
    `${NODE}COPY package.json yarn.lock ./\nRUN npm ci`,
    [/yarn.lock is there: use yarn/],
    { "package.json": "{}", "yarn.lock": "" },
  ],
  [
    "what a free installation wrote down serves a later frozen one",
    `${NODE}COPY package.json .\nRUN pnpm install --no-frozen-lockfile\nRUN pnpm install --prod --frozen-lockfile`,
    [],
    { "package.json": "{}" },
  ],
  [
    "a frozen installation writes nothing down",
    `${NODE}COPY package.json .\nRUN pnpm install --frozen-lockfile`,
    [/pnpm install needs pnpm-lock.yaml/],
    { "package.json": "{}" },
  ],
  ["npm ci with its lock file", `${NODE}COPY package*.json ./\nRUN npm ci`, [], APP],
  [
    "npm ci in a bind mount",
    `${NODE}RUN --mount=type=bind,source=package.json,target=package.json --mount=type=bind,source=package-lock.json,target=package-lock.json npm ci`,
    [],
    APP,
  ],
  [
    "npm ci in a folder below",
    `${NODE}COPY api/package*.json api/\nRUN cd api && npm ci`,
    [],
    { "api/package.json": "{}", "api/package-lock.json": "{}" },
  ],
  [
    "requirements that are not there",
    "FROM python:3.12-slim\nWORKDIR /app\nCOPY main.py .\nRUN pip install -r requirements.txt",
    [/needs requirements.txt/],
    { "main.py": "" },
  ],
  [
    "requirements elsewhere",
    "FROM python:3.12-slim\nCOPY r.txt /tmp/\nRUN pip install -r /tmp/r.txt",
    [],
    { "r.txt": "" },
  ],

  [
    "a script that is not there",
    `${NODE}COPY package.json .\nCMD ["node", "server.js"]`,
    [/:4 \/app\/server.js is not in the image/],
    APP,
  ],
  ["a script that was copied", `${NODE}COPY . .\nCMD ["node", "server.js"]`, [], APP],
  [
    "a script that was left out",
    `${NODE}COPY . .\nCMD ["node", "server.js"]`,
    [/server.js is not in the image/],
    { ...APP, ".dockerignore": "*.js" },
  ],
  ["a script that a build makes", `${NODE}COPY . .\nRUN npm run build\nCMD ["node", "dist/index.js"]`, [], APP],
  [
    "a script behind options and wrappers",
    `${NODE}COPY . .\nENTRYPOINT ["tini", "--"]\nCMD ["node", "--require", "./server.js", "main.js"]`,
    [/\/app\/main.js/],
    APP,
  ],
  ["a program that is not there", `${NODE}COPY . .\nENTRYPOINT ["./entrypoint.sh"]`, [/\/app\/entrypoint.sh/], APP],
  [
    "a script of package.json that is not there",
    `${NODE}COPY . .\nCMD ["npm", "run", "serve"]`,
    [/package.json has no script serve/],
    APP,
  ],
  ["a script of package.json", `${NODE}COPY . .\nCMD npm start`, [], APP],
  [
    "a module that is not there",
    'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["uvicorn", "main:app"]',
    [/\/app\/main.py/],
    { "app.py": "" },
  ],
  ["a module", 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["uvicorn", "app.main:app"]', [], { "app/main.py": "" }],
  ["an application of an image of others", 'FROM acme/base:1\nWORKDIR /app\nCMD ["node", "x.js"]', [], APP],
  [
    "code that a run mounts",
    `${NODE}COPY package.json .\nCMD ["node", "server.js"]`,
    [],
    { ...APP, "compose.yaml": "services:\n  a:\n    build: .\n    volumes: ['.:/app']\n" },
  ],
  [
    "a runtime that the image lacks",
    'FROM alpine:3.20\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]',
    [/alpine:3.20 has no node/],
    APP,
  ],
  [
    "a runtime that was installed",
    'FROM alpine:3.20\nWORKDIR /app\nRUN apk add --no-cache nodejs\nCOPY . .\nCMD ["node", "server.js"]',
    [],
    APP,
  ],

  [
    "an install by a user in a folder of root",
    `${NODE}USER node\nCOPY package*.json ./\nRUN npm ci`,
    [/:5 node cannot write to \/app/],
    APP,
  ],
  [
    "an install by a user in a folder of his",
    `${NODE}RUN chown node:node /app\nUSER node\nCOPY package*.json ./\nRUN npm ci`,
    [],
    APP,
  ],
  [
    "an install by a user in a folder that he made",
    "FROM node:22\nUSER node\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci",
    [],
    APP,
  ],
  [
    "nginx by another user",
    "FROM nginx:1.27-alpine\nCOPY server.js /usr/share/nginx/html/\nUSER nginx",
    [/cannot write to \/var\/cache\/nginx/],
    APP,
  ],
  [
    "a volume of root",
    `${NODE}COPY . .\nVOLUME /data\nUSER 10001\nCMD ["node", "server.js"]`,
    [/warning Dockerfile:4 10001 cannot write to the volume \/data/],
    APP,
  ],

  [
    "a file that a tool exports",
    "FROM python:3.12\nWORKDIR /app\nCOPY poetry.lock pyproject.toml ./\nRUN poetry export -o requirements.txt && pip install -r requirements.txt",
    [],
    { "poetry.lock": "", "pyproject.toml": "" },
  ],
  ["a runtime in a folder of PATH", 'FROM alpine:3.20\nENV PATH=/opt/x:$PATH\nCOPY . /a\nCMD ["node"]', [], APP],
  ["garbage", "\u0000FROM\nRUN <<EOF\nCOPY --from= \nCMD [", []],
  ["a base that is itself", "FROM a AS a\nFROM a\nCOPY --from=a / /", []],
];

describe("whether a Dockerfile works", () => {
  it.each(rows)("%s", async (_, text, expected, files = {}) => {
    const said = await validated(dockerfileWorks, { ...files, Dockerfile: text });
    // Few of them have a command: that is tried elsewhere.
    const found = said.filter((line) => !/no CMD and no ENTRYPOINT/.test(line));
    expect(found).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
  });

  const service = expectedService({ port: 8080, runtime: "node" });
  const ports: [name: string, text: string, expected: number][] = [
    ["another one", "EXPOSE 3000", 1],
    ["the same", "EXPOSE 9000 8080", 0],
    ["one that the image tells the program", "ENV PORT=3000\nEXPOSE 3000", 0],
    ["a variable", "EXPOSE $PORT", 0],
  ];
  it.each(ports)("a port: %s", async (_, text, expected) => {
    const found = await validated(dockerfileWorks, { ...APP, Dockerfile: `${NODE}COPY . .\n${text}` }, [service]);
    expect(found.filter((line) => /listens on 8080/.test(line))).toHaveLength(expected);
  });

  it("takes the context that Compose, a workflow or the nearest fitting folder gives", async () => {
    const files = { ...APP, "services/api/main.js": "" };
    const text = `${NODE}COPY package.json services/api/main.js ./\nCMD ["node", "main.js"]`;
    expect(await validated(dockerfileWorks, { ...files, "services/api/Dockerfile": text })).toEqual([]);
    expect(await validated(dockerfileWorks, { ...files, "docker/api/Dockerfile": text })).toEqual([]);
    const compose = {
      "compose.yaml":
        "services:\n  api:\n    build: { context: services/api, dockerfile: ../../docker/api.Dockerfile }\n",
    };
    expect(await validated(dockerfileWorks, { ...files, ...compose, "docker/api.Dockerfile": text })).toHaveLength(2);
    const tie = `${NODE}COPY package*.json services ./ ./\nRUN npm ci\nCMD ["node", "services/api/main.js"]`;
    expect(
      await validated(dockerfileWorks, { ...files, "services/api/package.json": "{}", "services/api/Dockerfile": tie }),
    ).toEqual([]);
    const below = `${NODE}COPY package.json main.js ./\nCMD ["node", "main.js"]`;
    expect(
      await validated(dockerfileWorks, { "web/package.json": "{}", "web/main.js": "", Dockerfile: below }),
    ).toEqual([]);
    const script = {
      Makefile: "image:\n\tdocker build -t a \\\n\t  -f docker/api.Dockerfile services/api\n",
      "services/api/package.json": "{}",
    };
    expect(await validated(dockerfileWorks, { ...files, ...script, "docker/api.Dockerfile": below })).toEqual([]);
    const workflow =
      "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: { context: ., file: docker/api.Dockerfile }\n";
    expect(
      await validated(dockerfileWorks, {
        ...files,
        ".github/workflows/a.yml": workflow,
        "docker/api.Dockerfile": text,
      }),
    ).toEqual([]);
  });
});
