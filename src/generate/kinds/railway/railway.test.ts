import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createRailwayContext, type ProjectDefinition, type RailwayProgram } from "railway/iac";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryTree } from "../../../formats/tree.ts";
import { checkFiles } from "../../../lint/check.ts";
import type { Plan } from "../../plan.ts";
import { plan, service, variable } from "../../testing.ts";
import { railway } from "./kind.ts";

const PACKAGES = dirname(dirname(dirname(dirname(createRequire(import.meta.url).resolve("railway")))));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stationmaster-railway-"));
  symlinkSync(join(PACKAGES, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const render = (given: Partial<Plan> = {}) => railway.render(plan({ target: "railway", ...given }));
const textOf = (given: Partial<Plan> = {}) => render(given)[0]?.text ?? "";
const notesOf = (given: Partial<Plan> = {}) => render(given)[0]?.notes ?? [];

const OLD = {
  $schema: "https://railway.com/railway.schema.json",
  build: { builder: "DOCKERFILE", watchPatterns: ["api/**"], unheard: 1 },
  deploy: {
    ...{ startCommand: "node other.js", healthcheckPath: "/up", healthcheckTimeout: "90", numReplicas: "3" },
    ...{ restartPolicyType: "ALWAYS", overlapSeconds: null, restartPolicyMaxRetries: "many" },
    multiRegionConfig: { "us-west2": { numReplicas: 2 } },
    registryCredentials: { username: "a", password: "b" },
  },
  environments: {
    staging: { deploy: { numReplicas: 1, drainingSeconds: 5 } },
    pr: { deploy: { sleepApplication: true } },
  },
};
const withFile = (path: string, text: string): Partial<Plan> => ({ tree: memoryTree({ [path]: text }) });
const legacy = withFile("api/railway.json", JSON.stringify(OLD));

/** An application that puts its addresses together itself, and one of Python whose driver is not the usual one. */
const PARTS: Partial<Plan> = {
  services: [
    service("laravel", {
      stores: ["db", "cache"],
      env: [
        variable("DB_HOST"),
        variable("DB_PASSWORD", { class: "secret" }),
        variable("DB_DATABASE"),
        variable("REDIS_HOST"),
        variable("REDIS_PASSWORD", { class: "secret" }),
        variable("SPRING_DATASOURCE_URL"),
        variable("SMTP_HOST"),
      ],
    }),
    service("python", {
      stores: ["db"],
      sqlDrivers: { postgres: "asyncpg" },
      env: [variable("DATABASE_URL", { class: "secret", store: "db" })],
    }),
  ],
};

const PLANS: Record<string, Partial<Plan>> = {
  "parts of addresses": PARTS,
  shop: {},
  "one service": { services: [service("api", { path: "." })], stores: [] },
  "a worker only": { services: [service("mailer", { role: "worker", kind: "worker", port: null, health: null })] },
  "no repository": { repository: null },
  "names that are taken": {
    services: [
      service("service"),
      service("redis", {
        stores: ["postgres"],
        env: [variable("DATABASE_URL", { class: "secret", store: "postgres" })],
      }),
      service("2nd-api"),
      service("default"),
      service("shop-api"),
      service("shop_api"),
    ],
    stores: [
      { name: "postgres", kind: "postgres", version: null, variables: ["DATABASE_URL"], extensions: [] },
      { name: "db", kind: "mysql", version: null, variables: [], extensions: [] },
      { name: "queue", kind: "rabbitmq", version: null, variables: [], extensions: [] },
      { name: "docs", kind: "mongodb", version: null, variables: [], extensions: [] },
    ],
  },
  "state, jobs and a monorepo": {
    services: [
      service("api", {
        ...{ path: "apps/api", workspace: ".", internal: ["libs/core"], state: ["data", "uploads"] },
        crons: [{ name: "nightly", schedule: "0 3 * * *", command: "node nightly.js" }],
      }),
      service("report", {
        ...{ role: "cron", kind: "cron", port: null, start: "node report.js" },
        crons: [{ name: "report", schedule: "0 4 * * *", command: null }],
      }),
    ],
  },
  "old settings": legacy,
};

async function program(name: string, given: Partial<Plan>): Promise<{ run: RailwayProgram; partial: unknown }> {
  const file = join(folder, `${name.replaceAll(" ", "-")}.mts`);
  writeFileSync(file, textOf(given));
  const module = await import(pathToFileURL(file).href);
  return { run: module.default, partial: module.partial };
}

async function resources(name: string, given: Partial<Plan>, environment = "production") {
  const { run } = await program(name, given);
  const made = (title: string, definition: Omit<ProjectDefinition, "name">) => ({ name: title, ...definition });
  const { resources: found = [] } = await run(
    createRailwayContext({ environmentName: environment, environment }),
    made,
  );
  return found.flat();
}

describe("railway.ts", () => {
  test("type-checks against the SDK, for every plan", async () => {
    const sources = join(folder, "typed");
    mkdirSync(sources);
    for (const [name, given] of Object.entries(PLANS))
      writeFileSync(join(sources, `${name.replaceAll(/\W/g, "-")}.ts`), textOf(given));
    const settings = {
      strict: true,
      noEmit: true,
      module: "nodenext",
      target: "es2024",
      skipLibCheck: true,
      types: [],
    };
    writeFileSync(join(sources, "tsconfig.json"), JSON.stringify({ compilerOptions: settings, include: ["*.ts"] }));
    const tsc = join(PACKAGES, "node_modules/.bin/tsc");
    const objections = async () =>
      await promisify(execFile)(tsc, ["-p", sources]).then(
        () => "none",
        ({ stdout }: { stdout: string }) => stdout,
      );
    expect(await objections()).toBe("none");
    writeFileSync(join(sources, "wrong.ts"), textOf().replace('"/healthz"', "7"));
    expect(await objections()).toMatch(/wrong\.ts.*error TS/);
  }, 60_000);

  test.each(Object.entries(PLANS))(
    "%s: runs, owns only its own part, and is the same each time",
    async (name, given) => {
      expect((await program(name, given)).partial).toBe("stationmaster");
      const found = await resources(name, given);
      expect(new Set(found.map(({ address }) => address)).size).toBe(found.length);
      expect(textOf(given)).toBe(textOf(given));
    },
  );

  test.each(Object.entries(PLANS))("%s: no rule objects", async (_, given) => {
    const files = Object.fromEntries(render(given).map(({ path, text }) => [path, text]));
    const tree = memoryTree(files);
    expect(await checkFiles({ tree, today: "2026-01-01" })).toEqual([]);
  });

  test("services, programs beside them, stores and variables are those of the plan", async () => {
    const found = await resources("content", {}, "shop-pr-7");
    expect(found.map(({ address }) => address)).toEqual([
      ...["database.db", "database.cache", "service.api", "service.api-worker", "service.web"],
    ]);
    expect(found.find(({ address }) => address === "service.api")).toMatchObject({
      source: { type: "github", repo: "acme/shop", branch: "main", rootDirectory: "/api" },
      build: { builder: "DOCKERFILE", dockerfilePath: "Dockerfile" },
      deploy: { healthcheckPath: "/healthz", preDeployCommand: ["prisma migrate deploy"], drainingSeconds: 30 },
      variables: {
        DATABASE_URL: { type: "reference", resource: "database.db", output: "DATABASE_URL" },
        LOG_LEVEL: { type: "literal", value: "info" },
        SESSION_SECRET: { type: "preserve" },
      },
    });
    expect(found.find(({ address }) => address === "service.api-worker")).toMatchObject({
      deploy: { startCommand: "node worker.js" },
    });
  });

  test.each(["staging", "production"])("no push deploys %s: the pipeline does", async (name) => {
    const found = await resources(`no-push-${name}`, {}, name);
    const sources = found.flatMap((one) => (one.type === "service" ? [one.source?.type] : []));
    expect(sources).toEqual(["empty", "empty", "empty"]);
  });

  test("parts of a store's address refer to the store, too", async () => {
    const found = await resources("parts", PARTS);
    const variables = (name: string) =>
      found.flatMap((one) => (one.type === "service" && one.name === name ? [one.variables] : []))[0];
    const from = (resource: string, output: string) => ({ type: "reference", resource, output });
    expect(variables("laravel")).toMatchObject({
      DB_HOST: from("database.db", "PGHOST"),
      DB_PASSWORD: from("database.db", "PGPASSWORD"),
      DB_DATABASE: from("database.db", "PGDATABASE"),
      REDIS_HOST: from("database.cache", "REDISHOST"),
      REDIS_PASSWORD: from("database.cache", "REDISPASSWORD"),
      SMTP_HOST: { type: "preserve" },
    });
    expect(JSON.stringify(variables("laravel"))).toContain("jdbc:postgresql://${{db.PGHOST}}:${{db.PGPORT}}/");
    expect(JSON.stringify(variables("python"))).toContain(
      "postgresql+asyncpg://${{db.PGUSER}}:${{db.PGPASSWORD}}@${{db.PGHOST}}:${{db.PGPORT}}/${{db.PGDATABASE}}",
    );
  });

  test("state gets a volume where the image keeps it, and one replica; jobs their schedule", async () => {
    const found = await resources("state", PLANS["state, jobs and a monorepo"] ?? {});
    expect(found.map(({ address }) => address)).toContain("volume.api-state");
    expect(JSON.stringify(found)).toContain('"mountPath":"/app/apps/api/data"');
    const deploys = found.flatMap((one) => (one.type === "service" ? [[one.name, one.deploy]] : []));
    expect(Object.fromEntries(deploys)).toMatchObject({
      api: { numReplicas: 1, overlapSeconds: 0 },
      "api-nightly": { cronSchedule: "0 3 * * *", startCommand: "node nightly.js", restartPolicyType: "NEVER" },
      report: { cronSchedule: "0 4 * * *", restartPolicyType: "NEVER" },
    });
    expect(notesOf(PLANS["state, jobs and a monorepo"])).toContainEqual(
      expect.stringContaining("uploads of api is lost"),
    );
  });

  test("a health route that nobody knows is not invented", () => {
    const given = { services: [service("api", { health: null })] };
    expect(textOf(given)).not.toContain("healthcheck");
    expect(notesOf(given)).toContainEqual(expect.stringContaining("api has no health route"));
  });

  test("the line that keeps other resources, and no value of a secret", () => {
    const given = { services: [service("api", { env: [variable("TOKEN", { class: "secret", default: "hunter2" })] })] };
    expect(textOf(given)).toContain('export const partial = "stationmaster";');
    expect(textOf(given)).not.toContain("hunter2");
  });
});

describe("settings of the old files", () => {
  test("go before ours, numbers out of words, environments on top of what holds everywhere", async () => {
    const api = async (environment: string) =>
      (await resources(`old-${environment}`, legacy, environment)).find(({ address }) => address === "service.api");
    expect(await api("production")).toMatchObject({
      build: { builder: "DOCKERFILE", watchPatterns: ["api/**"] },
      deploy: {
        ...{ startCommand: "node other.js", healthcheckPath: "/up", healthcheckTimeout: 90, numReplicas: 3 },
        ...{ restartPolicyType: "ALWAYS", restartPolicyMaxRetries: 10, overlapSeconds: 30, drainingSeconds: 30 },
        multiRegionConfig: { "us-west2": { numReplicas: 2 } },
      },
    });
    expect(await api("staging")).toMatchObject({
      deploy: { numReplicas: 1, drainingSeconds: 5, restartPolicyType: "ALWAYS", overlapSeconds: 30 },
    });
    expect(await api("shop-pr-12")).toMatchObject({ deploy: { sleepApplication: true, restartPolicyType: "ALWAYS" } });
  });

  test("programs beside a service are built as it is built, and called as nothing else is", async () => {
    const worker = [{ name: "worker", command: "node worker.js" }];
    const found = await resources("besides", {
      ...withFile("api/railway.json", '{ "build": { "builder": "RAILPACK", "buildCommand": "npm run make" } }'),
      services: [service("api", { processes: worker }), service("api-worker")],
    });
    const builds = Object.fromEntries(found.flatMap((one) => (one.type === "service" ? [[one.name, one.build]] : [])));
    expect(Object.keys(builds)).toEqual(["api", "api-worker-program", "api-worker"]);
    expect(builds["api-worker-program"]).toEqual(builds.api);
    expect(builds.api).toMatchObject({ builder: "RAILPACK", buildCommand: "npm run make" });
  });

  test("what has no place is listed, the file is kept and named", () => {
    const notes = notesOf(legacy).join("\n");
    for (const key of ["build.unheard", "deploy.registryCredentials", "deploy.restartPolicyMaxRetries"])
      expect(notes).toContain(`api/railway.json: ${key} has no place`);
    expect(notes).toContain("remove it after `railway config apply`");
    expect(textOf(legacy)).not.toContain("password");
  });

  test("the same in TOML, and a builder that is no Dockerfile stays", () => {
    const toml =
      '[build]\nbuilder = "RAILPACK"\n\n[deploy]\nnumReplicas = 2\n\n[environments.staging.deploy]\nnumReplicas = 1\n';
    const given = { ...withFile("railway.toml", toml), services: [service("api")] };
    expect(textOf(given)).toContain('builder: "RAILPACK"');
    expect(textOf(given)).not.toContain("dockerfilePath");
    expect(textOf(given)).toContain('ctx.isEnvironment("staging") ? { replicas: 1 }');
    expect(notesOf(given)).toContainEqual(expect.stringContaining("builds with RAILPACK, which stays"));
  });

  test.each([
    ["broken", "{ "],
    ["a list", "[]"],
    ["sections of another form", '{ "build": 3, "deploy": [1], "environments": { "x": 4 } }'],
    ["a byte order mark and CRLF", "\uFEFF{\r\n}\r\n"],
  ])("%s: as if it said nothing", (_, text) => {
    expect(textOf(withFile("api/railway.json", text))).toContain('service("api"');
  });
});
