import { describe, expect, it } from "vitest";
import { API, APP, json, picked, type Row, toldBy, WEB } from "./testing.ts";

const rows: Row[] = [
  [
    "fly.toml",
    {
      ...APP,
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
    { ...APP, "fly.toml": '[[services]]\ninternal_port = 3000\n[[services.http_checks]]\npath = "/up"\n' },
    ".",
    { port: 3000, health: "/up" },
  ],
  [
    "fly.toml with named checks",
    { ...APP, "fly.toml": '[checks.a]\ntype = "http"\npath = "/status"\nport = 1\n' },
    ".",
    { health: "/status" },
  ],
  [
    "render.yaml",
    {
      ...API,
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
      ...WEB,
      "render.yaml":
        "services:\n  - type: web\n    runtime: static\n    buildCommand: cd web && npm run build\n    staticPublishPath: ./web/dist\n",
    },
    "web",
    { build: "npm run build", output: "dist" },
  ],
  [
    "a worker alone on Render",
    { ...API, "render.yaml": "services:\n  - type: worker\n    rootDir: api\n    startCommand: python app.py\n" },
    "api",
    { kind: "worker", start: "python app.py" },
  ],
  [
    "Procfile",
    {
      ...API,
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
    { ...API, "api/Procfile": "worker: python app.py" },
    "api",
    { start: "python app.py", kind: "worker" },
  ],
  [
    "Procfile of a folder below",
    { ...API, Procfile: "web: cd api && gunicorn app:app" },
    "api",
    { start: "gunicorn app:app" },
  ],
  ["Procfile with a script", { ...APP, Procfile: "web: npm start" }, ".", { start: "node index.js" }],
  [
    "app.json of Heroku",
    {
      ...APP,
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
      ...APP,
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
      ...APP,
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
      ...API,
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
      ...API,
      "api/app.yaml":
        "runtime: python312\nentrypoint: gunicorn -b :$PORT app:app\nenv_variables:\n  MODE: x\nliveness_check:\n  path: /live\n",
    },
    "api",
    { runtime: { name: "python", version: "3.12" }, start: "gunicorn -b :$PORT app:app", health: "/live" },
  ],
  [
    "nixpacks.toml",
    {
      ...APP,
      "nixpacks.toml":
        '[phases.setup]\naptPkgs = ["...", "ffmpeg"]\n[phases.build]\ncmds = ["npm run build"]\n[start]\ncmd = "node index.js"\n',
    },
    ".",
    { start: "node index.js", build: "npm run build", "native.ffmpeg": { package: "ffmpeg" } },
  ],
  [
    "railpack.json",
    {
      ...APP,
      "railpack.json": json({
        packages: { node: "22" },
        steps: { build: { commands: ["...", "npm run build"] } },
        deploy: { startCommand: "node index.js" },
      }),
    },
    ".",
    { start: "node index.js", build: "npm run build", runtime: { name: "node", version: "22" } },
  ],
];

describe("what hosts of servers are told", () => {
  it.each(rows)("%s", (_, files, unit, expected) => {
    expect(picked(toldBy(files)[unit], expected)).toEqual(expected);
  });
});
