// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the manifest has its own placeholders
import { describe, expect, test } from "vitest";
import { CheckSchema } from "../config/checks.ts";
import { ManifestSchema } from "../config/schema.ts";
import { namedCheck } from "./named.ts";
import { impliedChecks } from "./specs.ts";

const manifest = ManifestSchema.parse({
  project: "shop",
  services: {
    api: { start: "node server.js", health: { path: "/health", every: "1s" }, critical: false },
    web: { start: "node server.js" },
    worker: { start: "node worker.js", kind: "worker" },
    next: { start: "node next.js", health: "/" },
  },
  stores: { db: { kind: "postgres" } },
  environments: { local: { platform: "local" } },
  checks: {
    home: { url: "${service:web}/?key=${secret:KEY}", every: "30s", service: "web" },
    later: { url: "${service:next}/" },
    port: { tcp: "${DB_HOST}:5432" },
    alive: { process: "worker", every: "2s" },
    login: {
      every: "5m",
      critical: true,
      steps: [
        { post: "${service:api}/login", json: { password: "${secret:PASSWORD}" }, save: { token: "$.token" } },
        { get: "${service:api}/me", headers: { authorization: "Bearer ${token}" } },
      ],
    },
  },
});
const routes = { api: "http://127.0.0.1:8080", web: "http://127.0.0.1:8081/", worker: null, next: null };
const values: Record<string, string> = {
  "secret:KEY": "k-1",
  "secret:PASSWORD": "hunter22",
  "secret:DB_HOST": "db.internal",
  "store:db": "postgres://u:hunter22@db.internal/shop",
  "service:api": routes.api,
  "service:web": "http://127.0.0.1:8081",
};

/** As strict as the real one: a name it does not know stops the start. */
function resolve(text: string): string {
  return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`unknown ${name}`);
    return value;
  });
}
const sources = { environment: "local", routes, resolve };
const specs = [
  ...impliedChecks({ services: manifest.services, stores: manifest.stores }, sources),
  ...Object.entries(manifest.checks).flatMap(([name, check]) => namedCheck(name, check, sources)),
];
const byId = new Map(specs.map((spec) => [spec.id, spec]));

test("a store without an address is there and says why", () => {
  const [db] = impliedChecks({ services: {}, stores: { db: { kind: "postgres", broken: "not asked" } } }, sources);
  expect(db).toMatchObject({ id: "local/store/db", broken: "not asked", options: { postgres: "" } });
});

test("a service implies health or port, and a process check; what has no address yet is left out", () => {
  expect([...byId.keys()]).toEqual([
    "local/api/health",
    "local/api/process",
    "local/web/port",
    "local/web/process",
    "local/worker/process",
    "local/next/process",
    "local/store/db",
    "local/check/home",
    "local/check/port",
    "local/check/alive",
    "local/check/login",
  ]);
  expect(byId.get("local/api/health")).toMatchObject({
    type: "http",
    component: "service",
    everyMs: 1_000,
    timeoutMs: 1_000,
    critical: false,
    target: "GET http://127.0.0.1:8080/health",
  });
  expect(byId.get("local/api/process")).toMatchObject({ component: "service", everyMs: 1_000, service: "api" });
  expect(byId.get("local/web/port")).toMatchObject({
    type: "http",
    options: { url: "http://127.0.0.1:8081/", expect: { status: expect.arrayContaining(["4xx", 500]) } },
    everyMs: 5_000,
  });
});

test("named checks are resolved; what a step saves stays", () => {
  expect(byId.get("local/check/home")).toMatchObject({
    service: "web",
    component: "home",
    recheck: 2,
    options: { url: "http://127.0.0.1:8081/?key=k-1" },
  });
  expect(byId.get("local/check/port")?.options.tcp).toBe("db.internal:5432");
  expect(byId.get("local/check/alive")).toMatchObject({ type: "process", service: "worker", timeoutMs: 1_000 });
  const login = byId.get("local/check/login");
  expect(login).toMatchObject({ type: "steps", recheck: 1, critical: true, timeoutMs: 10_000 });
  expect(login?.options.steps?.[0]).toMatchObject({
    post: "http://127.0.0.1:8080/login",
    json: { password: "hunter22" },
    save: { token: "$.token" },
  });
  expect(login?.options.steps?.[1]?.headers).toEqual({ authorization: "Bearer ${token}" });
});

test("targets are for people and hold no secret", () => {
  const targets = specs.map(({ target }) => target).join("\n");
  expect(targets).not.toMatch(/hunter22|k-1/);
  expect(byId.get("local/check/login")?.target).toBe("2 steps from POST http://127.0.0.1:8080/login");
});

describe("on several hosts", () => {
  const at = (host: string, more: object) => ({ host, listensAt: `http://10.0.0.${host.slice(1)}`, ...more });
  const { api, worker } = manifest.services;
  const list = impliedChecks(
    {
      services: {
        api: {
          ...api,
          hosts: [at("h1", { hostName: "shop.example.com" }), at("h2", { hostName: "shop.example.com" })],
        } as never,
        web: { kind: "http", critical: true, hosts: [at("h1", { through: true }), at("h2", { through: true })] },
        worker: { ...worker, hosts: [{ host: "h1" }, { host: "h2" }] } as never,
        alone: { kind: "http", critical: true, hosts: [at("h1", { through: true })] },
      },
      stores: {},
      infrastructure: { names: ["cache"], hosts: ["h1", "h2"] },
    },
    sources,
  );
  const found = new Map(list.map((spec) => [spec.id, spec]));

  test("each is asked by itself, under one component; of one nobody says which", () => {
    const both = (id: string) => [`local/${id}@h1`, `local/${id}@h2`];
    expect([...found.keys()].sort()).toEqual(
      [
        ...["api/health", "api/process", "web/port", "web/process", "worker/process", "infrastructure/cache"].flatMap(
          both,
        ),
        ...["local/alone/port", "local/alone/process"],
      ].sort(),
    );
    expect(found.get("local/api/health@h2")).toMatchObject({
      ...{ service: "api", component: "service", places: 2 },
      target: "GET http://10.0.0.2/health (shop.example.com) on h2",
      options: { url: "http://10.0.0.2/health", headers: { host: "shop.example.com" } },
    });
    expect(found.get("local/api/process@h2")?.options).toMatchObject({ process: "api", host: "h2" });
    expect(found.get("local/alone/port")).toMatchObject({ options: { through: "h1" } });
    expect(found.get("local/alone/port")?.places).toBeUndefined();
  });

  test("what is open on loopback is asked through the host; infrastructure is its own component", () => {
    expect(found.get("local/web/port@h1")?.options).toMatchObject({ url: "http://10.0.0.1/", through: "h1" });
    expect(found.get("local/infrastructure/cache@h2")).toMatchObject({
      ...{ type: "process", service: null, component: "cache", critical: true, places: 2 },
      options: { process: "cache", host: "h2", infrastructure: true },
      target: "container cache on h2",
    });
  });
});

test("an address that is none stops the start", () => {
  const { home } = ManifestSchema.shape.checks.parse({ home: { url: "example.com" } });
  expect(() => namedCheck("home", home as never, sources)).toThrow(expect.objectContaining({ code: "SM-CHECK-URL" }));
});

test("a store is asked for itself, and its address is told to nobody", () => {
  const store = byId.get("local/store/db");
  expect(store).toMatchObject({ type: "postgres", service: null, component: "db", critical: true, everyMs: 1_000 });
  expect(store?.options.postgres).toBe(values["store:db"]);
  expect(store?.target).not.toContain("hunter22");
});

test("a named check of each kind has its type, its target for people and what it was told about others", () => {
  const named = (check: object) => namedCheck("c", CheckSchema.parse(check), sources)[0];
  expect(named({ tls: "shop.example.com:443" })).toMatchObject({ type: "tls", target: "tls shop.example.com:443" });
  expect(named({ dns: "example.com", type: "MX" })).toMatchObject({ type: "dns", target: "dns MX example.com" });
  expect(named({ ping: "10.0.0.1" })).toMatchObject({ type: "ping", target: "ping 10.0.0.1", dependsOn: [] });
  const page = {
    browser: "https://example.com/",
    every: "5m",
    depends_on: ["api"],
    runbook: "https://wiki/shop",
    keep_raw: true,
  };
  expect(named(page)).toMatchObject({
    ...{ type: "browser", timeoutMs: 30_000, dependsOn: ["api"], runbook: "https://wiki/shop", keepRaw: true },
  });
  expect(() => named({ ...page, browser: "example.com" })).toThrow("is not an http or https URL");
});
