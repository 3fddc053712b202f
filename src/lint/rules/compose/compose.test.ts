import { describe, expect, it } from "vitest";
import { envExample } from "../environment/env-example.ts";
import { about, judge, mended } from "../testing.ts";
import { COMPOSE_RULES } from "./index.ts";

type Files = Record<string, string>;
type Row = [rule: string, name: string, text: string, expected: RegExp[], more?: { path?: string; files?: Files }];

const PROD = { path: "compose.prod.yaml" };
const HARD =
  "read_only: true, tmpfs: [/tmp], cap_drop: [ALL], security_opt: ['no-new-privileges:true'], mem_limit: 256m, logging: { options: { max-size: 10m } }, restart: unless-stopped";

const rows: Row[] = [
  ["SM14", "version", "version: '3'\nservices: {}", [/^1 warning `version` is obsolete/]],
  ["SM14", "the first form", "web:\n  image: nginx:1.27", [/put them below `services:`/]],
  [
    "SM14",
    "no version of an image",
    "services:\n  a: { image: redis }\n  b: { image: 'acme/x:latest' }",
    [/^2 warning redis has no version/, /^3 warning acme\/x:latest moves/],
  ],
  ["SM14", "in production it is an error", "services:\n  a: { image: redis }", [/error redis/], PROD],
  [
    "SM14",
    "versions, digests, variables, names of what is built",
    "services:\n  a: { image: 'redis:7' }\n  b: { image: 'x@sha256:1' }\n  c: { image: '${IMAGE}' }\n  d: { image: 'x:${TAG}' }\n  e: { image: app, build: . }\n  f: { image: app }",
    [],
  ],
  ["SM14", "a variable with a moving default", "services:\n  a: { image: 'acme/x:${TAG:-latest}' }", [/moves/]],

  [
    "SM15",
    "a database without check",
    "services:\n  db: { image: 'postgres:16' }",
    [/^2 warning db has no healthcheck.*pg_isready/],
  ],
  ["SM15", "a database with check", "services:\n  db: { image: 'postgres:16', healthcheck: { test: pg_isready } }", []],
  ["SM15", "a worker needs none", "services:\n  w: { build: . }", [], { files: { Dockerfile: "FROM a:1" } }],
  [
    "SM15",
    "the check of the Dockerfile",
    "services:\n  w: { build: ., ports: ['80:80'] }",
    [],
    { files: { Dockerfile: "FROM a:1\nHEALTHCHECK CMD x" } },
  ],
  [
    "SM15",
    "a Dockerfile without check",
    "services:\n  w: { build: ., ports: ['80:80'] }",
    [/w has no healthcheck/],
    { files: { Dockerfile: "FROM a:1" } },
  ],
  [
    "SM15",
    "a dependency that is not waited for",
    "services:\n  a: { build: ./x, depends_on: [db] }\n  db: { image: 'redis:7', healthcheck: { test: redis-cli ping } }",
    [/^2 warning a does not wait until db answers/],
  ],
  [
    "SM15",
    "a dependency that is waited for",
    "services:\n  a: { build: ./x, depends_on: { db: { condition: service_healthy }, m: { condition: service_completed_successfully } } }\n  m: { build: ./x }\n  db: { image: 'redis:7', healthcheck: { test: redis-cli ping } }",
    [],
  ],
  [
    "SM15",
    "a check that is switched off",
    "services:\n  db: { image: 'postgres:16', healthcheck: { disable: true } }",
    [/^2 warning db has no healthcheck/],
  ],
  ["SM15", "tests wait as they like", "services:\n  db: { image: 'postgres:16' }", [], { path: "compose.test.yaml" }],
  [
    "SM15",
    "where people work, what nobody waits for needs none",
    "services:\n  a: { build: ., command: npm run dev, volumes: ['.:/app'], ports: ['80:80'], depends_on: [db] }\n  db: { image: 'postgres:16' }\n  mail: { image: 'redis:7' }",
    [/a does not wait until db/, /^3 warning db has no healthcheck/],
    { files: { Dockerfile: "FROM a:1" } },
  ],
  [
    "SM15",
    "a check that an anchor brings",
    "x-h: &h\n  healthcheck: { test: a }\nservices:\n  db:\n    <<: *h\n    image: postgres:16",
    [],
  ],
  [
    "SM15",
    "a check of the service that is extended",
    "services:\n  base: { image: 'postgres:16', healthcheck: { test: a } }\n  db: { extends: base }",
    [],
  ],
  [
    "SM15",
    "a service that is extended elsewhere",
    "services:\n  db: { image: 'postgres:16', extends: { file: other.yaml, service: db } }",
    [],
  ],

  [
    "SM16",
    "state without a volume",
    "services:\n  db: { image: 'postgres:16' }",
    [/^2 warning db keeps its data in the container/],
  ],
  [
    "SM16",
    "a volume without a name",
    "services:\n  db: { image: 'mysql:8', volumes: [/var/lib/mysql] }",
    [/without a name/],
  ],
  [
    "SM16",
    "named, long form, in memory",
    "services:\n  a: { image: 'postgres:16', volumes: ['d:/var/lib/postgresql/data'] }\n  b: { image: 'mongo:7', volumes: [{ type: volume, source: m, target: /data/db }] }\n  c: { image: 'mysql:8', tmpfs: /var/lib/mysql }",
    [],
  ],
  [
    "SM16",
    "a volume where PostgreSQL does not write",
    "services:\n  a: { image: 'postgres:18-alpine', volumes: ['d:/var/lib/postgresql/data'] }\n  b: { image: 'postgres:17', volumes: ['d:/var/lib/postgresql'] }\n  c: { image: 'pgvector/pgvector:0.8.1-pg18', volumes: ['d:/var/lib/postgresql/data'] }",
    [
      /^2 warning .*18 writes to \/var\/lib\/postgresql,/,
      /^3 warning .*17 writes to .*\/data,/,
      /^4 warning .*18 writes/,
    ],
  ],
  [
    "SM16",
    "a volume where PostgreSQL writes",
    "services:\n  a: { image: 'postgres:18', volumes: ['d:/var/lib/postgresql'] }\n  b: { image: 'postgres:18', environment: { PGDATA: /var/lib/postgresql/data }, volumes: ['d:/var/lib/postgresql/data'] }\n  c: { image: 'postgres:${V}', volumes: ['d:/var/lib/postgresql'] }",
    [],
  ],
  [
    "SM16",
    "an open port of a database in production",
    "services:\n  db: { image: 'postgres:16', restart: always, ports: ['5432:5432'], volumes: ['d:/var/lib/postgresql/data'] }",
    [/db is open/],
    PROD,
  ],
  [
    "SM16",
    "a port of loopback, a port of a proxy",
    "services:\n  db: { image: 'redis:7', restart: always, ports: ['127.0.0.1:6379:6379'] }\n  p: { image: 'nginx:1.27', restart: always, ports: ['80:80'] }",
    [],
    PROD,
  ],
  [
    "SM16",
    "an open port in development",
    "services:\n  db: { image: 'redis:7', ports: ['6379:6379'] }",
    [],
    { path: "compose.dev.yaml" },
  ],
  [
    "SM16",
    "no restart in production",
    "services:\n  a: { image: 'acme/a:1' }\n  migrate: { image: 'acme/a:1' }",
    [/^2 warning a stays down/],
    PROD,
  ],

  [
    "SM17",
    "no place for temporary files",
    `services:\n  a: { image: 'acme/a:1', ${HARD.replace("tmpfs: [/tmp], ", "")} }`,
    [/^2 note a can write nowhere/],
    PROD,
  ],
  [
    "SM17",
    "a volume for them",
    `services:\n  a: { image: 'acme/a:1', volumes: ['t:/tmp'], ${HARD.replace("tmpfs: [/tmp], ", "")} }`,
    [],
    PROD,
  ],
  [
    "SM17",
    "nothing of it in production",
    "services:\n  a: { image: 'acme/a:1', restart: always }",
    [/a lacks read_only: true.*cap_drop.*no-new-privileges.*memory limit.*max-size/],
    PROD,
  ],
  ["SM17", "all of it in production", `services:\n  a: { image: 'acme/a:1', ${HARD} }`, [], PROD],
  [
    "SM17",
    "limits of deploy",
    `services:\n  a: { image: 'acme/a:1', ${HARD.replace("mem_limit: 256m", "deploy: { resources: { limits: { memory: 1G } } }")} }`,
    [],
    PROD,
  ],
  [
    "SM17",
    "a database keeps its rights",
    "services:\n  db: { image: 'redis:7', restart: always, security_opt: [no-new-privileges], mem_limit: 1g, logging: { driver: journald } }",
    [],
    PROD,
  ],
  [
    "SM17",
    "a plain password in production",
    `services:\n  a: { image: 'acme/a:1', ${HARD}, environment: { DB_PASSWORD: postgres } }`,
    [/^2 error DB_PASSWORD stands here in plain/],
    PROD,
  ],
  [
    "SM17",
    "variables in production",
    `services:\n  a: { image: 'acme/a:1', ${HARD}, environment: ['DB_PASSWORD=\${DB_PASSWORD:?}', 'TOKEN'] }`,
    [],
    PROD,
  ],
  [
    "SM17",
    "everybody's password in development",
    "services:\n  db: { image: 'postgres:16', environment: { POSTGRES_PASSWORD: postgres } }",
    [],
    { path: "compose.dev.yaml" },
  ],
  [
    "SM17",
    "a privileged service, the socket of Docker",
    "services:\n  a: { image: 'x:1', privileged: true, volumes: ['/var/run/docker.sock:/var/run/docker.sock'] }",
    [/warning a is privileged/, /note a gets the socket/],
  ],
  [
    "SM17",
    "a development build without mounts",
    "services:\n  a: { build: . }",
    [/note a is built again/],
    { path: "compose.dev.yaml" },
  ],
  [
    "SM17",
    "a file whose services say production",
    "services:\n  a: { build: ., restart: unless-stopped }",
    [/a lacks/],
  ],
  [
    "SM17",
    "a file whose services say development",
    "services:\n  a: { build: ., restart: unless-stopped, volumes: ['.:/app'] }",
    [],
  ],
  [
    "SM17",
    "what is laid over the file below",
    `services:\n  a: { ${HARD} }`,
    [],
    { path: "compose.prod.yaml", files: { "compose.yaml": "services:\n  a: { build: . }" } },
  ],
];

describe("rules of Compose files", () => {
  it.each(rows)("%s: %s", (rule, _, text, expected, { path = "compose.yaml", files = {} } = {}) => {
    const rules = COMPOSE_RULES.filter(({ id }) => id === rule);
    const found = about(path, judge(rules, { ...files, [path]: text }));
    expect(found).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(found[index]).toMatch(words);
  });

  it("takes the line of `version` away", () => {
    const text = "# shop\nversion: '3.8' # old\n\nservices:\n  a: { image: 'x:1' }\n";
    expect(mended(COMPOSE_RULES, "compose.yaml", text)).toBe("# shop\nservices:\n  a: { image: 'x:1' }\n");
  });

  const odd = [
    "",
    "services:",
    "services: []",
    "services: { a: null, b: 1, c: [x] }",
    "- a",
    "a: &a [*a]",
    "services: {a: {depends_on: 1, volumes: {x: y}, ports: 1, environment: 5, extends: a}}",
    "version: 3\nservices: [",
    "\uFEFFservices:\r\n  a:\r\n    image: x:1\r\n",
  ];
  it.each(odd)("takes %j without harm", (text) => {
    expect(() =>
      judge([...COMPOSE_RULES, envExample], { "compose.yaml": text, "docker-compose.yml": text }),
    ).not.toThrow();
  });
});
