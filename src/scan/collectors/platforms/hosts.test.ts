import { describe, expect, it } from "vitest";
import { toldBy } from "./testing.ts";

const json = (value: unknown) => JSON.stringify(value, null, 2);
const app = { "package.json": json({ scripts: { start: "node index.js", build: "vite build" } }), "index.js": "" };
const api = { "api/requirements.txt": "flask\n", "api/app.py": "" };
const web = { "web/package.json": json({ scripts: { build: "vite build" } }) };

type Row = [name: string, files: Record<string, string>, unit: string, expected: Record<string, unknown>];

const railway: Row[] = [
  [
    "railway.json, production over the base",
    {
      ...app,
      "railway.json": json({
        build: { builder: "RAILPACK", buildCommand: "npm ci && npm run build" },
        deploy: {
          startCommand: "node old.js",
          healthcheckPath: "/health",
          preDeployCommand: ["npx prisma migrate deploy"],
        },
        environments: { production: { deploy: { startCommand: "npm start" } }, pr: { deploy: { startCommand: "x" } } },
      }),
    },
    ".",
    {
      start: "node index.js",
      build: "npm run build",
      install: "npm ci",
      health: "/health",
      "process.release": { name: "release", command: "npx prisma migrate deploy" },
    },
  ],
  [
    "railway.toml with a mark and CRLF",
    { ...app, "railway.toml": '\uFEFF[deploy]\r\nstartCommand = "node index.js --port $PORT"\r\n' },
    ".",
    { start: "node index.js --port $PORT" },
  ],
  [
    "a schedule",
    { ...app, "railway.json": json({ deploy: { startCommand: "node index.js", cronSchedule: "0 3 * * *" } }) },
    ".",
    { kind: "cron", "cron..": { name: ".", schedule: "0 3 * * *", command: "node index.js" } },
  ],
  [
    "a service beside",
    { ...app, "railway.worker.json": json({ deploy: { startCommand: "node worker.js" } }) },
    ".",
    { "process.worker": { name: "worker", command: "node worker.js" }, start: undefined },
  ],
  [
    "railway.ts",
    {
      ...app,
      ...api,
      ".railway/railway.ts": `import { defineRailway, project, service } from "railway/iac";
// service("old", { start: "nothing" })
export default defineRailway(() => project("x", {
  api: service("api", { root: "api", build: { builder: "DOCKERFILE" }, start: "flask run --port $PORT", healthcheck: "/up", preDeploy: "flask db upgrade" }),
  web: service("web", { root: "./", start: startOf("web"), deploy: { cronSchedule: "*/5 * * * *" } }),
}));`,
    },
    "api",
    {
      start: "flask run --port $PORT",
      health: "/up",
      "process.release": { name: "release", command: "flask db upgrade" },
    },
  ],
];

const pages: Row[] = [
  [
    "vercel.json",
    {
      ...app,
      "vercel.json": json({
        framework: "nextjs",
        buildCommand: "npm run build",
        outputDirectory: "dist",
        installCommand: "pnpm install",
        crons: [{ path: "/api/tick", schedule: "0 * * * *" }],
      }),
    },
    ".",
    {
      framework: "next",
      build: "npm run build",
      output: "dist",
      install: "pnpm install",
      "cron./api/tick": { name: "/api/tick", schedule: "0 * * * *", command: null },
    },
  ],
  [
    "vercel.json of a folder below",
    {
      ...web,
      "vercel.json": json({
        buildCommand: "cd web && npm install && npm run build",
        outputDirectory: "web/dist",
        framework: null,
      }),
    },
    "web",
    { build: "npm run build", output: "dist", framework: undefined },
  ],
  [
    "vercel.ts",
    {
      ...app,
      "vercel.ts":
        'import type { VercelConfig } from "@vercel/config/v1";\nexport const config: VercelConfig = {\n  buildCommand: "npm run build",\n  outputDirectory: process.env.OUT,\n  framework: "astro",\n};\n',
    },
    ".",
    { build: "npm run build", output: undefined, framework: "astro" },
  ],
  [
    "builds of version 2",
    {
      ...web,
      "vercel.json": json({
        version: 2,
        builds: [{ src: "web/package.json", use: "@vercel/static-build", config: { distDir: "build" } }],
      }),
    },
    "web",
    { output: "build" },
  ],
  [
    "netlify.toml",
    {
      ...app,
      "netlify.toml":
        '[build]\n  command = "npm run build"\n  publish = "dist/"\n[build.environment]\n  NODE_VERSION = "20"\n  API_URL = "x"\n',
    },
    ".",
    {
      build: "npm run build",
      output: "dist",
      runtime: { name: "node", version: "20" },
      "env.API_URL": { name: "API_URL", class: "config", phase: "build", required: true, default: null },
    },
  ],
  [
    "netlify.toml with a base",
    {
      ...web,
      "netlify.toml":
        '[build]\nbase = "web"\ncommand = "npm run build"\npublish = "dist"\n[context.production]\ncommand = "npm run build -- --mode production"\n',
    },
    "web",
    { build: "npm run build -- --mode production", output: "dist" },
  ],
  [
    "netlify.toml that publishes from the root",
    { ...web, "netlify.toml": '[build]\nbase = "web/"\npublish = "web/dist"\n' },
    "web",
    { output: "dist" },
  ],
  [
    "firebase.json",
    {
      ...app,
      "firebase.json": json({
        hosting: [{ target: "a", public: "build" }],
        functions: [{ source: "functions", runtime: "nodejs20" }],
      }),
      "functions/package.json": "{}",
    },
    ".",
    { output: "build" },
  ],
  [
    "functions of firebase.json",
    { ...app, "firebase.json": json({ functions: { runtime: "nodejs18" } }), "functions/package.json": "{}" },
    "functions",
    { runtime: { name: "node", version: "18" } },
  ],
  [
    "wrangler.jsonc",
    {
      ...app,
      "wrangler.jsonc":
        '{\n  // pages\n  "assets": { "directory": "./dist" },\n  "vars": { "MODE": "x" },\n  "triggers": { "crons": ["0 0 * * *"] },\n}',
    },
    ".",
    {
      output: "dist",
      "env.MODE": { name: "MODE", class: "config", phase: "run", required: true, default: null },
      "cron.0 0 * * *": { name: "0 0 * * *", schedule: "0 0 * * *", command: null },
    },
  ],
  [
    "amplify.yml",
    {
      ...web,
      "amplify.yml":
        "version: 1\napplications:\n  - appRoot: web\n    frontend:\n      phases:\n        preBuild: { commands: [npm ci] }\n        build: { commands: ['echo hi', npm run build] }\n      artifacts: { baseDirectory: dist, files: ['**/*'] }\n",
    },
    "web",
    { install: "npm ci", build: "npm run build", output: "dist" },
  ],
];

const servers: Row[] = [
  [
    "fly.toml",
    {
      ...app,
      "worker.js": "",
      "fly.toml": `app = "x"
[deploy]
  release_command = "npx prisma migrate deploy"
[env]
  LOG_LEVEL = "info"
  PORT = "8080"
[processes]
  app = "node index.js"
  worker = "node worker.js"
[http_service]
  internal_port = 8080
  [[http_service.checks]]
    path = "/ready"
[[mounts]]
  source = "data"
  destination = "/data"
`,
    },
    ".",
    {
      port: 8080,
      health: "/ready",
      start: "node index.js",
      "process.worker": { name: "worker", command: "node worker.js" },
      "process.release": { name: "release", command: "npx prisma migrate deploy" },
      "state./data": { path: "/data", what: "volume" },
    },
  ],
  [
    "fly.toml with services",
    { ...app, "fly.toml": '[[services]]\ninternal_port = 3000\n[[services.http_checks]]\npath = "/up"\n' },
    ".",
    { port: 3000, health: "/up" },
  ],
  [
    "fly.toml with named checks",
    { ...app, "fly.toml": '[checks.a]\ntype = "http"\npath = "/status"\nport = 1\n' },
    ".",
    { health: "/status" },
  ],
  [
    "render.yaml",
    {
      ...api,
      "render.yaml": `services:
  - type: web
    name: api
    runtime: python
    rootDir: api
    buildCommand: pip install -r requirements.txt
    startCommand: gunicorn app:app
    healthCheckPath: /healthz
    preDeployCommand: flask db upgrade
    envVars:
      - key: DATABASE_URL
        fromDatabase: { name: db, property: connectionString }
      - key: PYTHON_VERSION
        value: 3.11.4
      - key: PORT
        value: 8000
  - type: worker
    name: queue
    rootDir: api
    startCommand: celery -A app worker
  - type: cron
    name: nightly
    rootDir: api
    schedule: "0 2 * * *"
    startCommand: python nightly.py
databases:
  - name: db
    postgresMajorVersion: "15"
`,
    },
    "api",
    {
      start: "gunicorn app:app",
      install: "pip install -r requirements.txt",
      health: "/healthz",
      port: 8000,
      runtime: { name: "python", version: "3.11.4" },
      "store.postgres": { kind: "postgres", version: "15", variable: "DATABASE_URL", extensions: [] },
      "process.queue": { name: "queue", command: "celery -A app worker" },
      "cron.nightly": { name: "nightly", schedule: "0 2 * * *", command: "python nightly.py" },
      kind: undefined,
    },
  ],
  [
    "a static site of render.yaml",
    {
      ...web,
      "render.yaml":
        "services:\n  - type: web\n    runtime: static\n    buildCommand: cd web && npm run build\n    staticPublishPath: ./web/dist\n",
    },
    "web",
    { build: "npm run build", output: "dist" },
  ],
  [
    "a worker alone on Render",
    { ...api, "render.yaml": "services:\n  - type: worker\n    rootDir: api\n    startCommand: python app.py\n" },
    "api",
    { kind: "worker", start: "python app.py" },
  ],
  [
    "Procfile",
    {
      ...api,
      "api/Procfile":
        "# a comment\nrelease: flask db upgrade\nweb: gunicorn app:app --bind 0.0.0.0:$PORT\nworker: celery -A app worker\r\n",
    },
    "api",
    {
      start: "gunicorn app:app --bind 0.0.0.0:$PORT",
      "process.worker": { name: "worker", command: "celery -A app worker" },
      "process.release": { name: "release", command: "flask db upgrade" },
      "process.web": undefined,
    },
  ],
  [
    "Procfile of a bot",
    { ...api, "api/Procfile": "worker: python app.py" },
    "api",
    { start: "python app.py", kind: "worker" },
  ],
  [
    "Procfile of a folder below",
    { ...api, Procfile: "web: cd api && gunicorn app:app" },
    "api",
    { start: "gunicorn app:app" },
  ],
  ["Procfile with a script", { ...app, Procfile: "web: npm start" }, ".", { start: "node index.js" }],
  [
    "app.json of Heroku",
    {
      ...app,
      "app.json": json({
        addons: ["heroku-postgresql:essential-0", { plan: "heroku-redis" }],
        env: { SECRET_KEY: { generator: "secret" }, MODE: { value: "prod" }, API_URL: { description: "x" } },
      }),
    },
    ".",
    {
      "store.postgres": { kind: "postgres", variable: "DATABASE_URL", version: null, extensions: [] },
      "store.redis": { kind: "redis", variable: "REDIS_URL", version: null, extensions: [] },
      "env.SECRET_KEY": { name: "SECRET_KEY", class: "secret", phase: "run", required: false, default: null },
      "env.MODE": { name: "MODE", class: "config", phase: "run", required: false, default: "prod" },
      "env.API_URL": { name: "API_URL", class: "config", phase: "run", required: true, default: null },
    },
  ],
  [
    "app.json of Dokku",
    {
      ...app,
      "app.json": json({
        cron: [{ command: "node tick.js", schedule: "@daily" }],
        healthchecks: { web: [{ type: "startup", path: "/up" }] },
      }),
    },
    ".",
    { "cron.node tick.js": { name: "node tick.js", schedule: "@daily", command: "node tick.js" }, health: "/up" },
  ],
  [
    "heroku.yml",
    {
      ...app,
      "heroku.yml":
        "build:\n  docker: { web: Dockerfile }\nrun:\n  web: node index.js\n  worker: { command: ['node', 'w.js'], image: web }\nrelease:\n  command: [npm run migrate]\n",
    },
    ".",
    {
      start: "node index.js",
      "process.worker": { name: "worker", command: "node w.js" },
      "process.release": { name: "release", command: "npm run migrate" },
    },
  ],
  [
    "the application of DigitalOcean",
    {
      ...api,
      ".do/app.yaml":
        "name: x\nservices:\n  - name: api\n    source_dir: /api\n    run_command: gunicorn app:app\n    http_port: 8080\n    health_check: { http_path: /up }\n    envs:\n      - { key: DATABASE_URL, value: '${db.DATABASE_URL}' }\njobs:\n  - { name: m, kind: PRE_DEPLOY, source_dir: api, run_command: flask db upgrade }\ndatabases:\n  - { name: db, engine: PG, version: '16' }\n",
    },
    "api",
    {
      start: "gunicorn app:app",
      port: 8080,
      health: "/up",
      "store.postgres": { kind: "postgres", variable: "DATABASE_URL", version: "16", extensions: [] },
      "process.release": { name: "release", command: "flask db upgrade" },
    },
  ],
  [
    "app.yaml of App Engine",
    {
      ...api,
      "api/app.yaml":
        "runtime: python312\nentrypoint: gunicorn -b :$PORT app:app\nenv_variables:\n  MODE: x\nliveness_check:\n  path: /live\n",
    },
    "api",
    { runtime: { name: "python", version: "3.12" }, start: "gunicorn -b :$PORT app:app", health: "/live" },
  ],
  [
    "nixpacks.toml",
    {
      ...app,
      "nixpacks.toml":
        '[phases.setup]\naptPkgs = ["...", "ffmpeg"]\n[phases.build]\ncmds = ["npm run build"]\n[start]\ncmd = "node index.js"\n',
    },
    ".",
    { start: "node index.js", build: "npm run build", "native.ffmpeg": { package: "ffmpeg" } },
  ],
  [
    "railpack.json",
    {
      ...app,
      "railpack.json": json({
        packages: { node: "22" },
        steps: { build: { commands: ["...", "npm run build"] } },
        deploy: { startCommand: "node index.js" },
      }),
    },
    ".",
    { start: "node index.js", build: "npm run build", runtime: { name: "node", version: "22" } },
  ],
  [
    "apprunner.yaml",
    {
      ...api,
      "api/apprunner.yaml":
        "version: 1.0\nruntime: python3\nbuild:\n  commands:\n    build: [pip install -r requirements.txt]\nrun:\n  runtime-version: 3.11\n  command: gunicorn app:app\n  network: { port: 8000, env: X }\n  env: [{ name: MODE, value: x }]\n",
    },
    "api",
    {
      start: "gunicorn app:app",
      port: 8000,
      install: "pip install -r requirements.txt",
      runtime: { name: "python", version: "3.11" },
    },
  ],
  [
    "deploy.yml of Kamal",
    {
      ...app,
      "config/deploy.yml":
        "service: x\nimage: a/x\nservers:\n  web: [10.0.0.1]\n  job: { hosts: [10.0.0.2], cmd: node jobs.js }\nproxy: { app_port: 3000, healthcheck: { path: /up } }\nenv:\n  clear: { DB_HOST: x }\n  secret: [API_KEY]\naccessories:\n  db: { image: 'mysql:8.0' }\n",
    },
    ".",
    {
      port: 3000,
      health: "/up",
      "process.job": { name: "job", command: "node jobs.js" },
      "store.mysql": { kind: "mysql", variable: null, version: "8.0", extensions: [] },
      "env.API_KEY": { name: "API_KEY", class: "secret", phase: "run", required: true, default: null },
    },
  ],
  [
    "captain-definition",
    { ...app, "captain-definition": json({ schemaVersion: 2, templateId: "node/20" }) },
    ".",
    { runtime: { name: "node", version: "20" } },
  ],
  [
    "serverless.yml",
    {
      ...app,
      "serverless.yml":
        "service: x\nprovider:\n  name: aws\n  runtime: nodejs20.x\n  environment: { TABLE: !Ref Table }\nfunctions:\n  tick:\n    handler: index.tick\n    events:\n      - schedule: rate(1 hour)\n",
    },
    ".",
    {
      runtime: { name: "node", version: "20" },
      "cron.tick": { name: "tick", schedule: "rate(1 hour)", command: "index.tick" },
    },
  ],
  [
    "a template of SAM",
    {
      "hello/requirements.txt": "",
      "hello/app.py": "",
      "template.yaml":
        "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Hello:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: hello/\n      Runtime: python3.12\n      Handler: app.handler\n      Events:\n        Tick: { Type: Schedule, Properties: { Schedule: rate(5 minutes) } }\n",
    },
    "hello",
    {
      runtime: { name: "python", version: "3.12" },
      "cron.Hello": { name: "Hello", schedule: "rate(5 minutes)", command: "app.handler" },
    },
  ],
  [
    "nginx.conf of pages",
    {
      "index.html": "",
      "nginx.conf":
        "server {\n  # listen 1;\n  listen 8081;\n  root /usr/share/nginx/html;\n  location / { try_files $uri /index.html; }\n}",
    },
    ".",
    { port: 8081 },
  ],
];

describe.each([
  ["Railway", railway],
  ["pages", pages],
  ["servers", servers],
])("%s", (_, rows) => {
  it.each(rows)("%s", (_name, files, unit, expected) => {
    const facts = toldBy(files)[unit]?.facts ?? {};
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, facts[name]]))).toEqual(expected);
  });
});

describe("places", () => {
  const rows: [file: string, text: string, fact: string, line: number][] = [
    ["railway.json", '{\n  "deploy": {\n    "startCommand": "node index.js"\n  }\n}', "start", 3],
    ["railway.toml", '[deploy]\n\nstartCommand = "node index.js"\n', "start", 3],
    ["fly.toml", "app = 'x'\n\n[http_service]\n  internal_port = 8080\n", "port", 4],
    ["Procfile", "# web\nworker: a\nweb: node index.js\n", "start", 3],
    ["netlify.toml", '[build]\n  publish = "dist"\n', "output", 2],
  ];
  it.each(rows)("%s", (file, text, fact, line) => {
    expect(toldBy({ ...app, [file]: text })["."]?.at(fact)).toBe(`${file}:${line}`);
  });
});

describe("stale configurations", () => {
  it("stay, and a file that is not there is told", () => {
    const { facts, misses } =
      toldBy({ ...app, "railway.json": json({ deploy: { startCommand: "node gone.js" } }) })["."] ?? {};
    expect(facts?.start).toBe("node gone.js");
    expect(misses?.map(({ fact, message }) => [fact, message])).toEqual([
      ["start", "starts gone.js, which is not there"],
    ]);
  });
  it("names a script or a Dockerfile that is not there", () => {
    const { facts, misses } =
      toldBy({ ...app, Procfile: "web: npm run serve", "fly.toml": '[build]\ndockerfile = "x/Dockerfile"\n' })["."] ??
      {};
    expect(facts).toEqual({});
    expect(misses?.map(({ message }) => message)).toEqual([
      "names the Dockerfile x/Dockerfile, which is not there",
      "names a script that is not there",
    ]);
  });
  it("does not take what a build makes for gone", () => {
    expect(toldBy({ ...app, Procfile: "web: node dist/server.js" })["."]?.misses).toEqual([]);
  });
});

describe("others' files of the same name", () => {
  const rows: [name: string, files: Record<string, string>][] = [
    ["app.json of Expo", { "app.json": json({ expo: { name: "x" }, env: { A: "b" } }) }],
    ["app.json of React Native", { "app.json": json({ name: "x", displayName: "X" }) }],
    ["app.yaml of Kubernetes", { "app.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: { name: x }\nruntime: x\n" }],
    ["app.yaml of anything", { "app.yaml": "debug: true\nport: 3000\n" }],
    ["deploy.yml of Ansible", { "config/deploy.yml": "- hosts: all\n  tasks: []\n" }],
    ["template.yaml of anything", { "template.yaml": "Resources: {}\n" }],
    [
      "an nginx.conf in front of something",
      { "nginx.conf": "server { listen 80; root /x; location / { proxy_pass http://app; } }" },
    ],
    ["a Procfile for developers", { "Procfile.dev": "web: next dev\n" }],
  ];
  it.each(rows)("%s", (_, files) => {
    expect(toldBy({ ...app, ...files })["."]?.claims).toEqual([]);
  });
});
