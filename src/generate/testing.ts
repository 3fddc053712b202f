import { memoryTree } from "../formats/tree.ts";
import { loadPins } from "./pins.ts";
import type { Plan, PlannedService, PlannedVariable } from "./plan.ts";

/** A variable of a plan for tests. */
export function variable(name: string, given: Partial<PlannedVariable> = {}): PlannedVariable {
  return { name, class: "config", phase: "run", required: true, default: null, store: null, ...given };
}

/** A service of a plan for tests: an Express API with a health route. */
export function service(name: string, given: Partial<PlannedService> = {}): PlannedService {
  const path = given.path ?? name;
  return {
    name,
    path,
    program: null,
    role: "http",
    kind: "api",
    language: "JavaScript",
    runtime: { name: "node", version: "22" },
    packageManager: "npm",
    lockfile: `${path}/package-lock.json`,
    framework: "express",
    workspace: null,
    internal: [],
    install: "npm ci",
    build: null,
    test: "npm test",
    start: "node server.js",
    output: null,
    spa: false,
    port: 3000,
    health: "/healthz",
    readiness: null,
    processes: [],
    crons: [],
    env: [],
    stores: [],
    migrations: null,
    websocket: false,
    metrics: null,
    jsonLogs: false,
    gracefulStop: false,
    state: [],
    native: [],
    sqlDrivers: {},
    checkedTls: false,
    answered: null,
    image: `ghcr.io/acme/shop/${name}`,
    replicas: 1,
    scale: { min: 2, max: 10, cpu: 70, memory: 80 },
    resources: { cpu: 0.25, memory: 512 },
    drain: 30,
    grace: 10,
    startup: 60,
    critical: true,
    dependsOn: [],
    dockerfile: { path: path === "." ? "Dockerfile" : `${path}/Dockerfile`, foreign: false },
    origin: {},
    ...given,
  };
}

/** A plan for tests: an API with a database and a cache, pages, a worker beside the API. */
export function plan(given: Partial<Plan> = {}): Plan {
  const api = service("api", {
    env: [
      variable("DATABASE_URL", { class: "secret", store: "db" }),
      variable("LOG_LEVEL", { required: false, default: "info" }),
      variable("REDIS_URL", { class: "secret", store: "cache" }),
      variable("SESSION_SECRET", { class: "secret" }),
      variable("SITE_URL"),
    ],
    stores: ["db", "cache"],
    migrations: { tool: "prisma", command: "prisma migrate deploy" },
    processes: [{ name: "worker", command: "node worker.js" }],
    metrics: { path: "/metrics", names: ["http_request_duration_seconds", "orders_total"] },
  });
  const web = service("web", {
    role: "static",
    kind: "spa",
    framework: "vite",
    build: "npm run build",
    start: null,
    output: "dist",
    spa: true,
    port: 8080,
    health: null,
    resources: { cpu: 0.1, memory: 64 },
    env: [variable("VITE_API_URL", { class: "public", phase: "build" })],
  });
  return {
    project: "shop",
    repository: "acme/shop",
    defaultBranch: "main",
    target: "compose",
    services: [api, web],
    stores: [
      { name: "db", kind: "postgres", version: "16", variables: ["DATABASE_URL"], extensions: [] },
      { name: "cache", kind: "redis", version: null, variables: ["REDIS_URL"], extensions: [] },
    ],
    environments: [
      { name: "staging", target: "compose", branch: "main", production: false, preview: false },
      { name: "production", target: "compose", branch: null, production: true, preview: false },
    ],
    domain: "shop.example.com",
    cloud: { provider: "aws", region: "eu-west-1" },
    ci: "github-actions",
    platforms: [],
    kinds: [],
    own: {},
    suppressions: [],
    pins: loadPins(),
    tree: memoryTree({
      "api/package.json": JSON.stringify({
        name: "api",
        scripts: { start: "node server.js", dev: "node --watch server.js" },
        dependencies: { express: "4" },
      }),
      "api/package-lock.json": "{}",
      "api/server.js": "",
      "web/package.json": JSON.stringify({
        name: "web",
        scripts: { build: "vite build", dev: "vite" },
        devDependencies: { vite: "7" },
      }),
      "web/package-lock.json": "{}",
    }),
    gaps: [],
    assumptions: [],
    contradictions: [],
    ...given,
  };
}
