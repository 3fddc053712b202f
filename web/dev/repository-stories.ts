import type { GeneratedFileRow } from "../../src/contract/generate.ts";
import type { RepositoryView } from "../../src/contract/repository.ts";
import type { ScanFact, ScannedService } from "../../src/contract/scan.ts";
import { before } from "./fixtures.ts";

const HASH = "9f86d081884c7d65";

function seen(file: string, line: number, rule: string) {
  return { file, line, col: 1, rule, hash: HASH };
}

function fact(value: unknown, file: string, line: number, given: Partial<ScanFact> = {}): ScanFact {
  const evidence = [seen(file, line, "javascript.script")];
  return { value, confidence: 0.95, source: "project", evidence, alternatives: [], ...given };
}

function scanned(name: string, given: Partial<ScannedService>): ScannedService {
  return {
    ...{ name, path: `services/${name}`, kind: "api", languages: ["TypeScript"], framework: null },
    ...{ runtime: { name: "node", version: "22" }, packageManager: "npm", install: "npm ci", build: null, test: null },
    ...{ start: "node server.js", output: null, port: 3000, health: null, processes: [], crons: [], env: [] },
    ...{ stores: [], migrations: null, workspace: null, internal: [], ...given },
  };
}

function row(path: string, kind: GeneratedFileRow["kind"], given: Partial<GeneratedFileRow> = {}): GeneratedFileRow {
  return { path, kind, action: "create", sha256: HASH, why: "builds the image of api", notes: [], ...given };
}

const API = "services/api/package.json";

/** A shop with an API and a page: certain and assumed facts, a conflict, gaps for two teams, files of every action. */
export function repository(): RepositoryView {
  const variables = ["DATABASE_URL", "LOG_LEVEL", "SESSION_SECRET"];
  return {
    ...{ project: "shop", target: "compose", lookedAt: before(4_000), tookMs: 412 },
    assumptions: ["health of web: nothing says so, so an open port has to do"],
    scan: {
      root: "/srv/shop",
      services: [
        scanned("api", { framework: "fastify", health: "/healthz" }),
        scanned("web", { kind: "spa", framework: "vite" }),
      ],
      platforms: [{ id: "railway", file: "railway.json", evidence: [seen("railway.json", 1, "platform.file")] }],
      conflicts: [
        {
          fact: "api.port",
          values: [
            { value: 8080, source: "platform", evidence: [seen("services/api/Dockerfile", 14, "docker.expose")] },
            { value: 3000, source: "code", evidence: [seen("services/api/src/server.ts", 31, "listen.literal")] },
          ],
        },
      ],
      gaps: [
        {
          ...{ id: "shutdown", service: "api", to: "backend", title: "requests are cut off when it stops" },
          why: "Nothing ends open requests on SIGTERM, so each deployment fails some of them.",
          evidence: [seen("services/api/src/server.ts", 31, "listen.literal")],
          patch: {
            file: "services/api/src/server.ts",
            text: 'process.on("SIGTERM", async () => {\n  await app.close();\n  process.exit(0);\n});\n',
          },
        },
        {
          ...{ id: "lockfile", service: "web", to: "frontend", title: "no lockfile", evidence: [], patch: null },
          why: "Two builds of the same commit may get different packages.",
        },
      ],
      facts: {
        "api.framework": fact("fastify", API, 12, {
          evidence: [
            seen(API, 12, "javascript.dependency"),
            seen("services/api/src/server.ts", 2, "javascript.import"),
          ],
        }),
        "api.kind": fact("api", API, 12),
        "api.start": fact("node dist/server.js", API, 7),
        "api.port": fact(8080, "services/api/Dockerfile", 14, {
          confidence: 0.72,
          source: "platform",
          alternatives: [
            {
              ...{ value: 3000, source: "code", confidence: 0.85, reason: "a file of a platform goes before the code" },
              evidence: [seen("services/api/src/server.ts", 31, "listen.literal")],
            },
          ],
        }),
        "api.health": fact("/healthz", "services/api/src/routes/health-and-readiness-of-the-service.ts", 8),
        "api.test": fact("npm test", API, 9, { confidence: 0.3, source: "default" }),
        ...Object.fromEntries(
          variables.map((name, index) => [
            `api.env.${name}`,
            fact(
              { name, class: index === 1 ? "config" : "secret", phase: "run", required: index !== 1, default: null },
              ...(["services/api/src/settings.ts", 4 + index] as const),
            ),
          ]),
        ),
        "web.framework": fact("vite", "services/web/package.json", 9),
        "web.output": fact("dist", "services/web/vite.config.ts", 5, { confidence: 0.6, source: "convention" }),
      },
      nearMisses: [],
      requirements: [
        { id: "want.users", value: 20_000, file: "SPEC-shop/spec.md", line: 12 },
        {
          ...{ id: "want.stores", value: ["mysql"], file: "SPEC-shop/spec.md", line: 18 },
          contradicts: { fact: "api.store.postgres", value: "postgres", file: API, line: 15 },
        },
      ],
      notUnderstood: [{ file: "SPEC-shop/spec.md", line: 40, text: "It must feel light." }],
      warnings: [{ message: "cannot be parsed", file: "services/old/package.json", line: 3 }],
    },
    generate: {
      files: [
        row("services/api/Dockerfile", "dockerfile", {
          action: "conflict",
          notes: ["yours stays: --adopt replaces it"],
        }),
        row("services/api/.dockerignore", "dockerfile", { why: "what the build does not get" }),
        row("services/web/Dockerfile", "dockerfile", { why: "builds the image of web" }),
        row("compose.yaml", "compose", { action: "keep", why: "all of it on this machine" }),
        row(".env.example", "env-example", { action: "merge", why: "names of the variables, no values" }),
        row("docs/runbooks/api-down.md", "runbooks", { why: "what to do when ApiDown calls" }),
        row("railway.json", "railway", { action: "delete", why: "gone from the plan" }),
      ],
      findings: [
        {
          ...{ rule: "SM01", severity: "note", file: "services/web/Dockerfile", line: 3, fix: null, suppressed: null },
          message: "node:22-alpine has no digest",
        },
        {
          ...{ rule: "SM38", severity: "warning", file: "compose.yaml", line: 9, message: "no CPU limit", fix: null },
          suppressed: "shared nodes need none",
        },
      ],
      created: ["services/api/.dockerignore", "services/web/Dockerfile", "docs/runbooks/api-down.md"],
      modified: [".env.example"],
      deleted: ["railway.json"],
      proposed: ["services/api/Dockerfile.proposed"],
      blocked: false,
      notes: [],
    },
    findings: [
      {
        ...{ rule: "SM02", severity: "error", file: "services/api/Dockerfile", line: 1, suppressed: null },
        ...{ message: "the image runs as root: no USER is set", fix: "adds USER 10001" },
      },
      {
        ...{ rule: "SM07", severity: "warning", file: "services/api/Dockerfile", line: 6, fix: null },
        ...{ message: "apt-get without --no-install-recommends", suppressed: null },
      },
      {
        ...{ rule: "SM20", severity: "error", file: ".github/workflows/ci.yml", line: 11, fix: null },
        ...{ message: "actions/checkout@v4 is no commit", suppressed: "pinned by the organisation" },
      },
    ],
  };
}

/** A folder in which nothing was found. */
export function emptyRepository(): RepositoryView {
  const { scan, ...view } = repository();
  return {
    ...view,
    ...{ assumptions: [], findings: [] },
    scan: {
      ...{ root: scan.root, services: [], platforms: [], conflicts: [], gaps: [], facts: {}, nearMisses: [] },
      ...{ requirements: [], notUnderstood: [], warnings: [] },
    },
    generate: {
      files: [],
      findings: [],
      created: [],
      modified: [],
      deleted: [],
      proposed: [],
      blocked: false,
      notes: [],
    },
  };
}
