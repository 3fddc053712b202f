import { describe, expect, it } from "vitest";
import { toldBy } from "../testing.ts";

const api = {
  "api/package.json": JSON.stringify({ scripts: { start: "node index.js", dev: "nodemon index.js" } }),
  "api/index.js": "",
};
const web = { "web/package.json": JSON.stringify({ scripts: { start: "next start" } }) };
const NODE = "FROM node:20\nWORKDIR /app\nCOPY . .\n";

describe("services and units", () => {
  const rows: [name: string, files: Record<string, string>, unit: string, expected: Record<string, unknown>][] = [
    [
      "context, port, check, needs",
      {
        ...api,
        ...web,
        "docker-compose.yml": `version: "3.9"
x-shared: &shared
  DATABASE_URL: postgres://u:p@db:5432/x
services:
  api:
    build:
      context: ./api
      dockerfile: docker/Dockerfile.prod
    ports: ["127.0.0.1:8080:4000"]
    environment:
      <<: *shared
      LOG_LEVEL: \${LOG_LEVEL:-info}
      CACHE_HOST: cache
    depends_on: [db]
    volumes: ["uploads:/app/uploads", "/app/node_modules"]
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:4000/healthz"]
  jobs:
    build: { context: ./api, dockerfile: docker/Dockerfile.prod }
    command: node worker.js
  web:
    build: ./web
    depends_on:
      api: { condition: service_healthy }
  db:
    image: pgvector/pgvector:pg16
  cache:
    image: redis:7-alpine
  mail:
    image: axllent/mailpit
volumes:
  uploads: {}
`,
        "api/docker/Dockerfile.prod": `${NODE}CMD npm start`,
      },
      "api",
      {
        port: 4000,
        health: "/healthz",
        start: "node index.js",
        "store.postgres": { kind: "postgres", version: "16", extensions: ["vector"], variable: "DATABASE_URL" },
        "store.redis": { kind: "redis", version: "7", extensions: [], variable: "CACHE_HOST" },
        "env.LOG_LEVEL": { name: "LOG_LEVEL", class: "config", phase: "run", required: false, default: "info" },
        "process.jobs": { name: "jobs", command: "node worker.js" },
        "state./app/uploads": { path: "/app/uploads", what: "volume" },
        "internal.web": undefined,
      },
    ],
    [
      "another unit that it waits for",
      {
        ...api,
        ...web,
        "compose.yaml": "services:\n  api:\n    build: api\n  web:\n    build: ./web\n    depends_on: [api]\n",
      },
      "web",
      { "internal.api": { path: "api" } },
    ],
    [
      "long forms",
      {
        ...api,
        "compose.yml":
          "services:\n  api:\n    build:\n      context: ${API_DIR:-./api}\n    ports:\n      - target: 3000\n        published: 80\n    environment:\n      - TOKEN\n      - MODE=x\n",
      },
      "api",
      { port: 3000, "env.TOKEN": { name: "TOKEN", class: "secret", phase: "run", required: true, default: null } },
    ],
    [
      "the port of PORT, not that of a debugger",
      {
        ...api,
        "compose.yaml":
          'services:\n  api:\n    build: api\n    ports: ["9229:9229", "8081:81", "8080:80"]\n    environment: { PORT: "80" }\n',
      },
      "api",
      { port: 80 },
    ],
    [
      "a file for production over the usual one",
      {
        ...api,
        "compose.yaml": "services:\n  api:\n    build: api\n    command: npm run dev\n    ports: ['3000:3000']\n",
        "compose.prod.yaml":
          "services:\n  api:\n    image: registry.test/api\n    command: node index.js\n    ports: ['80:8080']\n",
      },
      "api",
      { port: 8080, start: "node index.js" },
    ],
    [
      "stores alone, for the program there",
      {
        "package.json": "{}",
        "a.js": "",
        "docker-compose.yml": "services:\n  postgres:\n    image: postgres:${PG:-15}-alpine\n",
      },
      ".",
      { "store.postgres": { kind: "postgres", version: "15", extensions: [], variable: null } },
    ],
    [
      "code that is mounted into an image of its runtime",
      {
        ...api,
        "docker-compose.yml":
          "services:\n  app:\n    image: node:20\n    working_dir: /app\n    volumes: ['./api:/app']\n    command: node index.js\n    ports: ['3000:3000']\n",
      },
      "api",
      { port: 3000, start: "node index.js" },
    ],
    [
      "the first version of the format",
      { ...api, "docker-compose.yml": "api:\n  build: ./api\n  ports: ['3000:3000']\nredis:\n  image: redis\n" },
      "api",
      { port: 3000 },
    ],
    [
      "a migration beside",
      {
        "package.json": "{}",
        "prisma/schema.prisma": "",
        "compose.yaml":
          "services:\n  app:\n    build: .\n    ports: ['3000:3000']\n  migrate:\n    build: .\n    command: npx prisma migrate deploy\n",
      },
      ".",
      {
        port: 3000,
        "process.release": { name: "release", command: "prisma migrate deploy" },
        "process.migrate": undefined,
      },
    ],
  ];
  it.each(rows)("%s", (_, files, unit, expected) => {
    const facts = toldBy(files)[unit]?.facts ?? {};
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, facts[name]]))).toEqual(expected);
  });
});

describe("decoys and broken files", () => {
  const rows: [name: string, files: Record<string, string>][] = [
    ["in examples", { "examples/compose.yaml": "services:\n  x:\n    build: ../api\n    ports: ['1:1']\n" }],
    ["for tests", { "docker-compose.test.yml": "services:\n  x:\n    build: api\n    ports: ['1:1']\n" }],
    ["images of others", { "compose.yaml": "services:\n  x:\n    image: grafana/grafana\n    ports: ['1:1']\n" }],
    ["out of the repository", { "compose.yaml": "services:\n  x:\n    build: ../../elsewhere\n    ports: ['1:1']\n" }],
    ["a folder that is not there", { "compose.yaml": "services:\n  x:\n    build: ./nothing\n    ports: ['1:1']\n" }],
    ["a list for services", { "compose.yaml": "services:\n  - build: api\n" }],
    ["broken", { "compose.yaml": "services:\n  x:\n    build: [api\n  ports" }],
    ["empty", { "compose.yaml": "" }],
    ["nulls", { "compose.yaml": "services:\n  api:\n  x: ~\n" }],
    ["comments", { "compose.yaml": "# services:\n#   x:\n#     build: api\n" }],
  ];
  it.each(rows)("%s", (_, files) => {
    expect(toldBy({ ...api, ...files }).api?.claims).toEqual([]);
  });
  it("counts what is for developers behind the code", () => {
    const { claims } =
      toldBy({
        ...api,
        "compose.dev.yaml": "services:\n  x:\n    build: api\n    ports: ['1:3000']\n    command: npm run dev\n",
      }).api ?? {};
    expect(claims?.map(({ fact, source }) => [fact, source])).toEqual([["port", "convention"]]);
  });
});
