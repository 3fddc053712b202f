// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the manifest has its own placeholders
import { expect, test } from "vitest";
import { ManifestSchema } from "../config/schema.ts";
import { namedCheck } from "./named.ts";
import { impliedChecks } from "./specs.ts";

const ADDRESS = "postgres://ann:hunter22@db.internal:5433/shop?sslmode=require";
const values: Record<string, string> = {
  "${store:db}": ADDRESS,
  "${store:cache}": "redis://:hunter22@cache.internal:6379/0",
  "${secret:REPLICA}": ADDRESS,
  "${secret:CACHE}": "rediss://ann:hunter22@cache.internal/3",
};
const resolve = (text: string) => text.replace(/\$\{[^}]+\}/g, (whole) => values[whole] ?? whole);
const sources = { environment: "local", routes: {}, resolve };

const manifest = ManifestSchema.parse({
  project: "shop",
  services: { api: { start: "node server.js" } },
  stores: { db: { kind: "postgres" }, cache: { kind: "redis", url: "${secret:CACHE}" } },
  environments: { local: { platform: "local" } },
  checks: {
    rows: { postgres: "${store:db}", query: "select count(*) from orders", expect: { below: 9 } },
    replica: { postgres: "${secret:REPLICA}", max_lag: "30s", max_connections: 50 },
    cache: { redis: "${secret:CACHE}", max_memory: 90 },
    backup: { heartbeat: { period: "24h", grace: "1h" } },
    minutely: { heartbeat: { period: "20s", grace: "4s" } },
    tunnel: { process: { unit: "wireguard.service" } },
    mailer: { process: { container: "mailer", host: "web2" } },
    inside: { url: "https://ann:hunter22@shop.example/?by=a@b" },
  },
});
const specs = Object.fromEntries(
  Object.entries(manifest.checks).map(([name, check]) => [name, namedCheck(name, check, sources)[0]]),
);

test("databases are shown without user, password and placeholder", () => {
  expect(Object.values(specs).map((spec) => spec?.target)).toEqual([
    "select count(*) from orders in db",
    "select 1 in db.internal:5433/shop",
    "PING cache.internal/3",
    "a call every 1 d, at most 1 h late",
    "a call every 20 s, at most 4 s late",
    "process wireguard.service",
    "container mailer on web2",
    "GET https://shop.example/?by=a@b",
  ]);
});

test("a database of the manifest has a limit of connections, one that a store implies has none", () => {
  expect(specs.rows?.options).toMatchObject({ postgres: ADDRESS, max_connections: 80, expect: { below: 9 } });
  expect(specs.replica?.options).toMatchObject({ max_connections: 50, max_lag: 30_000 });
  const implied = impliedChecks({ services: {}, stores: manifest.stores }, sources);
  expect(implied.map(({ id, type, target }) => [id, type, target])).toEqual([
    ["local/store/db", "postgres", "select 1 in db"],
    ["local/store/cache", "redis", "PING cache"],
  ]);
  expect(implied[0]?.options).not.toHaveProperty("max_connections");
  expect(implied[1]?.options).toMatchObject({ redis: values["${store:cache}"] });
});

test("a heartbeat needs no confirmation and is looked at a few times a period, once a minute at least", () => {
  expect(specs.backup).toMatchObject({ type: "heartbeat", recheck: 0, certain: true, everyMs: 60_000 });
  expect(specs.minutely).toMatchObject({ everyMs: 6_000, timeoutMs: 3_000 });
  expect(specs.tunnel).toMatchObject({ type: "process", service: null });
});

test.each([
  [{ stores: { cache: { kind: "redis" } } }, "a redis store needs the address"],
  [{ stores: { cache: { kind: "redis", url: "x", preview: { template: "t" } } } }, "only databases of postgres"],
  [{ checks: { a: { postgres: "x", expect: { status: 200 } } } }, "must be a value"],
  [{ checks: { a: { redis: "x", query: "select 1" } } }, "a `redis` check has no `query`"],
  [{ checks: { a: { url: "http://x", wrong_password: false } } }, "a `url` check has no `wrong_password`"],
  [{ checks: { a: { process: { unit: "--all" } } } }, "systemd"],
  [{ checks: { a: { process: { container: "--all" } } } }, "the name of a container"],
])("%j is refused", (part, says) => {
  const result = ManifestSchema.safeParse({ ...manifest, stores: {}, checks: {}, ...part, ...asWritten });
  expect(JSON.stringify(result.error?.issues)).toContain(says);
});
const asWritten = {
  services: { api: { start: "node x" } },
  environments: { local: { platform: "local" } },
  remedies: {},
};
