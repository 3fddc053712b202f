import { z } from "zod";
import { AlertmanagerSchema } from "./alertmanager.ts";
import { CheckSchema, HttpPath } from "./checks.ts";
import { DevOpsSchema } from "./devops.ts";
import { Environment } from "./environments.ts";
import { Expect } from "./expect.ts";
import { Command, Duration, HostPort, Interval, Name, Port, Scalar } from "./fields.ts";
import { GenerateSchema, Resources, Scale } from "./generate.ts";
import { GitHubSchema } from "./github.ts";
import { MaintenanceSchema } from "./maintenance.ts";
import { Channel, Escalation } from "./notify.ts";
import { ReportsSchema } from "./reports.ts";
import { Slo } from "./slo.ts";
import { StatusPageSchema } from "./status-page.ts";

const HealthSettings = z.strictObject({
  path: HttpPath.describe("path asked on every replica and on the route"),
  every: Interval.prefault("5s").describe("time between two runs"),
  timeout: Duration.prefault("2s").describe("how long one run may take"),
  expect: Expect.prefault({}).describe("what the answer must look like"),
});
const Health = z.union([
  HttpPath.transform((path): z.input<typeof HealthSettings> => ({ path })).pipe(HealthSettings),
  HealthSettings,
]);

const Migrate = z.strictObject({
  tool: z
    .enum(["alembic", "prisma", "drizzle", "django", "rails", "flyway", "sql", "command"])
    .describe("the migration tool"),
  command: Command.optional().describe("replaces the tool's own command; needed where the tool is `command`"),
  path: z.string().optional().describe("folder of the tool's files, relative to the service's `path`"),
  database: z
    .string()
    .optional()
    .describe("address of the database, mostly `${secret:DATABASE_URL}`; without it DATABASE_URL of the service"),
});

export const ServiceSchema = z.strictObject({
  path: z.string().default(".").describe("folder of the service, relative to the manifest"),
  start: Command.optional().describe(
    "the program and its arguments; `${PORT}` is replaced by the port, `${NODE}` by the Node.js that runs Stationmaster; containers without it run what their image says",
  ),
  image: z
    .string()
    .min(1)
    .optional()
    .describe("compose: a built image; it is pinned to its digest when a release is made"),
  dockerfile: z
    .string()
    .min(1)
    .optional()
    .describe(
      "compose: the Dockerfile, relative to `path`, the image is built from; `Dockerfile` where nothing else is said",
    ),
  build: Command.optional().describe("run once in the copied release before the start, e.g. `npm run build`"),
  kind: z.enum(["http", "worker"]).default("http").describe("`worker` has no port and no traffic"),
  health: Health.optional().describe(
    "a path, or an object; without it an open port (worker: a live process) counts as healthy",
  ),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a variable name"), Scalar)
    .default({})
    .describe("environment variables; `${secret:NAME}`, `${store:NAME}` and `${service:NAME}` are replaced"),
  depends_on: z.array(Name).default([]).describe("services and stores that must be up first"),
  replicas: z.int().min(1).max(20).default(1).describe("number of processes"),
  scale: Scale.optional().describe("how far the platform adds replicas by itself, for generated files"),
  resources: Resources.optional().describe("what a replica may use, for generated files"),
  port: Port.optional().describe("local: the port of the route; elsewhere the port the service listens on"),
  critical: z.boolean().default(true).describe("down is SEV1"),
  slo: Slo.optional().describe("what is promised of the service"),
  drain: Duration.prefault("30s").describe("longest wait for running requests before a stop"),
  grace: Duration.prefault("10s").describe("time between SIGTERM and SIGKILL"),
  startup: Duration.prefault("60s").describe("time a new process has until it is healthy"),
  data: z
    .array(z.string().regex(/^[^/].*$/, "a relative path"))
    .default([])
    .describe("folders inside `path` that outlive a release (uploads, SQLite)"),
  exclude: z.array(z.string()).default([]).describe("files and folders left out of the release, relative to `path`"),
  migrate: Migrate.optional().describe("how the database schema is brought to what a release needs, before it starts"),
  schema: z
    .strictObject({
      min: z.int().min(0).describe("the oldest schema this version of the service runs on"),
      max: z.int().min(0).describe("the newest"),
    })
    .optional()
    .describe("positions in the migration tool's own order; without it only the newest migration at hand counts"),
});
export type ServiceConfig = z.infer<typeof ServiceSchema>;

const StoreSettings = z.strictObject({
  kind: z.enum(["postgres", "redis"]).describe("kind of the store"),
  url: z
    .string()
    .optional()
    .describe("address of an existing server; on `local` one of `postgres` is started when this is left out"),
  preview: z
    .strictObject({
      template: z
        .string()
        .regex(/^[A-Za-z_][\w$-]{0,62}$/, "the name of a database")
        .describe("a database nobody works with; each copy of an environment with `per` gets a copy of it"),
      url: z
        .string()
        .optional()
        .describe("address with an account that may create databases, so that copies do not get that of `url`"),
    })
    .optional()
    .describe("databases for previews"),
});

const Store = StoreSettings.refine(({ kind, url }) => kind === "postgres" || url !== undefined, {
  error: "a redis store needs the address of a server, such as ${secret:REDIS_URL}",
  path: ["url"],
}).refine(({ kind, preview }) => kind === "postgres" || preview === undefined, {
  error: "only databases of postgres are copied for previews",
  path: ["preview"],
});

const Remedy = z.enum(["clear-sessions", "reconnect-pool", "drop-cache", "restart", "redeploy"]);
const RemedyRequest = (method: "POST" | "DELETE") =>
  z.strictObject({
    path: HttpPath.describe("of the service itself"),
    method: z.enum(["POST", "DELETE"]).default(method),
    headers: z.record(z.string(), z.string()).default({}),
    everything: z
      .boolean()
      .optional()
      .describe(
        "it reaches further than this service, such as a flush of a whole cache: a person has to allow it each time",
      ),
  });
const Remedies = z.strictObject({
  mode: z.enum(["act", "propose"]).optional().describe("`propose` is the default in protected environments"),
  ladder: z
    .array(Remedy)
    .refine((ladder) => ladder.filter((step) => step === "restart").length <= 2, "at most 2 restarts are allowed")
    .default(["clear-sessions", "reconnect-pool", "drop-cache", "restart", "restart", "redeploy"])
    .describe("tried in order; then a person is called"),
  clear_sessions: RemedyRequest("DELETE")
    .optional()
    .describe("the request that clears stale sessions; without it that step is skipped"),
  reconnect_pool: RemedyRequest("POST")
    .optional()
    .describe(
      "the request that makes its connections anew, such as those to a database; without it that step is skipped",
    ),
  drop_cache: RemedyRequest("DELETE")
    .optional()
    .describe("the request that drops a cache of the service; without it that step is skipped"),
});
export type RemediesConfig = z.infer<typeof Remedies>;

export const ManifestSchema = z.strictObject({
  project: Name.describe("name of the application"),
  repository: z
    .string()
    .regex(
      /^(?!-)(?:[\w.-]+\/[\w.-]+|(?:https|ssh):\/\/\S+|[\w.-]+@[\w.-]+:\S+|\/\S+)$/,
      "owner/name, or an address that git understands",
    )
    .optional()
    .describe("the repository: owner/name on GitHub, or an address that git understands"),
  services: z
    .record(Name, ServiceSchema)
    .refine((services) => Object.keys(services).length > 0, "at least one service")
    .describe("what runs"),
  stores: z.record(Name, Store).default({}).describe("databases the services use"),
  environments: z
    .record(Name, Environment)
    .refine((environments) => Object.keys(environments).length > 0, "at least one environment")
    .describe("where it runs; the first is the default"),
  checks: z.record(Name, CheckSchema).default({}).describe("checks beyond the ones that `health` implies"),
  remedies: z.record(Name, Remedies).default({}).describe("healing per service"),
  devops: DevOpsSchema.optional().describe(
    "the DevOps API of the application: health, figures, removal of what is left over",
  ),
  notify: z.record(Name, Channel).default({}).describe("notification channels"),
  escalate: Escalation.default({}).describe(
    "who is called per severity: channels, or `levels` of them; all channels for SEV1 and SEV2 when absent",
  ),
  maintenance: z
    .record(Name, MaintenanceSchema)
    .default({})
    .describe("times that return in which nothing opens or pages and results do not count"),
  watch: z
    .strictObject({
      anchors: z
        .array(HostPort)
        .max(2)
        .default([])
        .describe(
          "host:port of one or two targets that have nothing to do with the application; while none answers, nothing is called DOWN",
        ),
      deadman: z
        .string()
        .optional()
        .describe("address that the daemon asks each minute; whoever watches it tells people when the daemon is gone"),
    })
    .prefault({})
    .describe("how the checks look"),
  status_page: StatusPageSchema.optional().describe("a page for the public at /status, also as JSON and Atom feed"),
  reports: ReportsSchema.prefault({}).describe("reports that are sent by themselves"),
  github: GitHubSchema.optional().describe("what is done on GitHub, in `repository`"),
  generate: GenerateSchema.optional().describe("the files that `stationmaster generate` writes"),
  alertmanager: AlertmanagerSchema.optional().describe("alerts of Prometheus Alertmanager, both ways"),
});
export type ManifestConfig = z.infer<typeof ManifestSchema>;
