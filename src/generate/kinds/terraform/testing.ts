import type { Plan } from "../../plan.ts";
import { plan, service, variable } from "../../testing.ts";

const page = service("web", {
  role: "static",
  kind: "spa",
  start: null,
  output: "dist",
  spa: true,
  port: 8080,
  health: null,
  resources: { cpu: 0.1, memory: 64 },
});
const docs = { ...page, name: "docs", path: "docs", kind: "static" as const, spa: false };
const stores: Plan["stores"] = (
  [
    ["db", "postgres", "DATABASE_URL"],
    ["reports", "mysql", "REPORTS_DB_HOST"],
    ["mongo", "mongodb", "MONGODB_URI"],
    ["cache", "redis", "REDIS_URL"],
    ["queue", "rabbitmq", "RABBITMQ_URL"],
    ["kafka", "kafka", "KAFKA_BROKERS"],
    ["search", "elasticsearch", "ELASTICSEARCH_URL"],
    ["storage", "s3", "S3_BUCKET"],
  ] as const
).map(([name, kind, variable]) => ({ name, kind, version: null, variables: [variable], extensions: [] }));

const secretOf = (name: string, store: string | null = null) => variable(name, { class: "secret", store });

/** Plans of many shapes, by what they are. */
export const PLANS: Record<string, Partial<Plan>> = {
  "an API with stores, a worker and pages": {},
  "one service": { services: [service("api", { path: "." })], stores: [] },
  "several services that call each other": {
    services: [
      service("gateway", { dependsOn: ["users", "orders"], websocket: true }),
      service("users", { port: 8080, readiness: "/readyz", stores: ["db"], env: [secretOf("DATABASE_URL", "db")] }),
      service("orders", {
        runtime: { name: "java", version: "21" },
        stores: ["db"],
        env: [secretOf("SPRING_DATASOURCE_URL", "db"), secretOf("SPRING_DATASOURCE_PASSWORD", "db")],
      }),
      page,
    ],
    stores: stores.slice(0, 1),
  },
  "a worker alone": {
    services: [service("worker", { role: "worker", kind: "worker", port: null, health: null })],
    stores: [],
    domain: null,
  },
  "schedules and jobs": {
    services: [
      service("api", {
        crons: [
          { name: "Clean up", schedule: "@daily", command: "node clean.js" },
          { name: "weekday", schedule: "*/5 8-18 * * 1-5", command: null },
          { name: "both", schedule: "0 0 1 * 1", command: "node both.js && node after.js" },
          { name: "boot", schedule: "@reboot", command: "node boot.js" },
        ],
      }),
      service("report", {
        role: "cron",
        kind: "cron",
        port: null,
        health: null,
        crons: [{ name: "report", schedule: "0 6 * * 1", command: null }],
      }),
      service("import", { role: "job", kind: "job", port: null, health: null }),
    ],
    stores: [],
  },
  "pages alone": { services: [page], stores: [] },
  "two sets of pages": { services: [page, docs], stores: [] },
  "files that outlive a release": {
    services: [
      service("api", { state: ["data", "public/uploads"], env: [variable("DATA_DIR", { default: "/app/data" })] }),
    ],
    stores: [],
  },
  "files that a worker and a clock share": {
    services: [
      service("api", {
        state: ["storage"],
        processes: [{ name: "worker", command: "node worker.js" }],
        crons: [{ name: "clean", schedule: "0 3 * * *", command: "node clean.js" }],
        migrations: { tool: "sqlite", command: "node migrate.js" },
      }),
    ],
    stores: [],
  },
  "an API beside pages that a server renders": {
    services: [
      service("api", { stores: ["db"], env: [secretOf("DATABASE_URL", "db")] }),
      service("frontend", { kind: "ssr", framework: "next", health: null }),
      service("mails", { role: "worker", kind: "worker", port: null, health: null, dependsOn: ["api"] }),
    ],
    stores: [{ ...stores[0], kind: "mariadb" } as Plan["stores"][number]],
  },
  "all stores": {
    services: [
      service("api", {
        runtime: { name: "python", version: "3.13" },
        stores: stores.map(({ name }) => name),
        env: [
          ...stores.flatMap(({ name, variables }) => variables.map((item) => secretOf(item, name))),
          secretOf("REPORTS_DB_PASSWORD", "reports"),
          variable("AWS_REGION", { default: "eu-west-1" }),
          variable("SENTRY_DSN", { class: "secret", required: false }),
          variable("GREETING", { default: 'say "hi" ${name} %{x}\n', decided: true }),
          variable("FEATURE_FLAGS", { required: false }),
        ],
      }),
    ],
    stores: stores.map((store) => ({
      ...store,
      variables: store.name === "reports" ? ["REPORTS_DB_HOST", "REPORTS_DB_PASSWORD"] : store.variables,
    })),
  },
  "no repository and no domain": { repository: null, domain: null },
  "another pipeline": { ci: "gitlab" },
  "a pipeline of one's own": { ci: "jenkins", repository: null },
  "names that clouds refuse": {
    project: "My Very Long Project Name (2024) & Co",
    services: [service("Main_API"), service("logs"), service("db"), { ...page, name: "files" }],
  },
  "no services": { services: [], stores: [] },
};

/** A plan for a cloud. */
export function cloudPlan(provider: Plan["cloud"]["provider"], given: Partial<Plan>): Plan {
  const region = { aws: "eu-west-1", gcp: "europe-west1", azure: "westeurope" }[provider];
  return plan({ target: provider, cloud: { provider, region }, ...given });
}
