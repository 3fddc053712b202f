import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { UserError } from "../../../core/errors.ts";
import { linesOf } from "./ask.ts";
import { renderConfig, structureId } from "./config.ts";
import { filesIn } from "./files.ts";
import { renderHold } from "./hold.ts";
import { hostKeys, listenersOf } from "./listeners.ts";
import { grantValue, parseGrant, renderMap } from "./map.ts";
import { parseWorker } from "./parse.ts";
import { planRuntime } from "./plan.ts";
import { checkFolder, checkRoute, type ProxyRoute, parseState, renderState } from "./route.ts";
import { HAPROXY, hasHaproxy, member, route } from "./testing.ts";

const FOLDER = "/var/lib/stationmaster/shop/proxy";

function routesOf(...all: ProxyRoute[]): Record<string, ProxyRoute> {
  return Object.fromEntries(all.map((one) => checkRoute(one)).map((one) => [one.name, one]));
}

/** Every value a person may choose, filled in. */
function full(text: Record<"name" | "domain" | "inside" | "release" | "salt" | "unit" | "path" | "tls", string>) {
  return route({
    name: text.name,
    listen: [{ port: 443, bind: "0.0.0.0", domain: text.domain, tls: text.tls }],
    internal: { address: "172.17.0.1", port: 8080, hosts: [text.inside] },
    health: { path: text.path },
    salt: text.salt,
    stable: [member(text.unit, 20_001, { release: text.release })],
    share: 10,
  });
}
const TAME = {
  name: "shop:production:api",
  domain: "shop.example.com",
  inside: "api",
  release: "v1",
  salt: "r1",
  unit: "api-1",
  path: "/health",
  tls: "/etc/shop.pem",
};

/** Words of every line, where quotes group: what HAProxy makes of it. */
function shape(text: string): string[] {
  return text.split(/\r\n|[\n\r]/).map((line) => {
    expect(line).not.toMatch(/[^\x20-\x7e]/);
    const words = line.replace(/'[^']*'|"[^"]*"/g, "q").split(/ +/);
    return `${words.length} ${words
      .slice(0, 2)
      .join(" ")
      .replace(/^(frontend|backend|port|uid).*$/, "$1")}`;
  });
}

const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...Object.values(TAME)) },
  { weight: 2, arbitrary: fc.string({ unit: "binary" }) },
  fc.string({
    unit: fc.constantFrom("a", "/", ".", " ", "\n", "\r", "\t", '"', "'", "#", "\\", ";", "$", "%", "{", "}", "@", ":"),
  }),
  fc
    .tuple(
      fc.constantFrom(...Object.values(TAME)),
      fc.constantFrom("\n", "\r", " x", "\\", "#", ";", "'", '"', "%[env(A)]", "${A}", "\0"),
    )
    .map(([tame, bad]) => tame + bad),
);

test("no name, domain, path, release or salt breaks out of its line: it is refused, or it is one word", () => {
  const files = filesIn(FOLDER);
  const texts = (wanted: ProxyRoute) => {
    const routes = routesOf(wanted);
    const empty = parseWorker("");
    for (const side of ["stable", "candidate"]) empty.backends.add(`${wanted.name}.${side}`);
    const commands = planRuntime(empty, routes, files.map).commands;
    return [renderConfig(routes, { folder: FOLDER }), renderMap(routes), commands.join("\n")].map(shape);
  };
  const tame = texts(full(TAME)).map((lines) => lines.map((line) => line.split(" ")[0]));
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.record(
        Object.fromEntries(Object.keys(TAME).map((key) => [key, hostile])) as Record<keyof typeof TAME, typeof hostile>,
      ),
      (some) => {
        fc.pre(Object.values(some).some((text) => text !== ""));
        for (const key of Object.keys(TAME) as (keyof typeof TAME)[]) {
          const wanted = full({ ...TAME, [key]: some[key] });
          try {
            checkRoute(wanted);
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
            continue;
          }
          accepted += 1;
          const seen = texts(wanted).map((lines) => lines.map((line) => line.split(" ")[0]));
          expect(seen[0]).toEqual(tame[0]);
          // A route without a path of its own has its lines in another order, but as many.
          expect(seen[1]?.toSorted()).toEqual(tame[1]?.toSorted());
          expect(seen[2]?.toSorted()).toEqual(tame[2]?.toSorted());
          expect(parseState(renderState(routesOf(wanted)), "state")).toEqual(routesOf(wanted));
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test.skipIf(!hasHaproxy)("HAProxy takes the oddest values that are accepted", () => {
  const folder = mkdtempSync(join(tmpdir(), "proxy-render-"));
  const files = filesIn(folder);
  const odd = full({ ...TAME, release: "a'b\"c;d #e %41\\", salt: "';#", path: "/a%20b?x=1&y=(2)*!", unit: "0.a-B_9" });
  const many = Array.from({ length: 100 }, (_, index) => `10.${index}.0.0/16`);
  const routes = routesOf({
    ...odd,
    key: "cookie:__Host-a.b",
    trusted: ["::1", "fd00::/8", ...many],
    listen: [{ port: 80, bind: "::", domain: "A_b.Example.com" }],
  });
  writeFileSync(files.lua, renderHold(files.map));
  writeFileSync(files.map, renderMap(routes));
  writeFileSync(files.draft, renderConfig(routes, { folder }));
  const { status, stderr } = spawnSync(HAPROXY, ["-c", "-f", files.draft]);
  rmSync(folder, { recursive: true });
  expect([status, stderr.toString()]).toEqual([0, expect.stringContaining("")]);
});

test.each([
  { trusted: ["10.0.0.0/8 192.0.2.1"] },
  { trusted: ["10.0.0.0/33"] },
  { trusted: ["fe80::1%eth0"] },
  { trusted: ["example.com"] },
  { key: "cookie:a b" },
  { key: "cookie:" },
  { key: "client:1" },
])("%j is refused", (change) => {
  expect(() => checkRoute(full(TAME))).not.toThrow();
  expect(() => checkRoute({ ...full(TAME), ...change })).toThrow(UserError);
});

test.each(["relative", "/a b", "/a\nb", "/a'b", "/a;b", "/a$b"])("the folder %j is refused", (folder) => {
  expect(() => checkFolder(folder)).toThrow(UserError);
});

test("servers and shares are no matter of structure; ports, routes and health paths are", () => {
  const id = (change: Partial<ProxyRoute>) => structureId(routesOf({ ...full(TAME), ...change }), { folder: FOLDER });
  const same = id({});
  expect(id({ stable: [], candidate: [member("x", 1)], share: 50, until: 5, hold: 6, salt: "z" })).toBe(same);
  expect(id({ key: "cookie:sid" })).toBe(same);
  expect(id({ trusted: ["10.0.0.0/8"] })).not.toBe(same);
  expect(id({ listen: [] })).not.toBe(same);
  expect(id({ health: null })).not.toBe(same);
  expect(id({ name: "other" })).not.toBe(same);
});

test("a wildcard covers the addresses of its family; hosts are told apart by where a request arrives", () => {
  const routes = routesOf(
    route({
      name: "a",
      listen: [{ port: 80, bind: "0.0.0.0" }],
      internal: { address: "172.17.0.1", port: 80, hosts: ["a"] },
    }),
    route({
      name: "b",
      listen: [{ port: 80, bind: "0:0::1", domain: "b.com" }],
      internal: { address: "172.17.0.1", port: 80, hosts: ["b"] },
    }),
    route({ name: "c", listen: [], internal: { address: "172.17.0.1", port: 81, hosts: ["c"] } }),
  );
  expect(listenersOf(routes)).toEqual([
    { port: 80, addresses: ["0.0.0.0", "::1"], tls: [] },
    { port: 81, addresses: ["172.17.0.1"], tls: [] },
  ]);
  expect(Object.fromEntries(hostKeys(routes))).toEqual({
    "*:80/*": "a",
    "::1:80/b.com": "b",
    "172.17.0.1:80/a": "a",
    "172.17.0.1:80/b": "b",
    "172.17.0.1:81/c": "c",
    "172.17.0.1:81/*": "c",
  });
});

test("one port cannot speak both HTTP and TLS", () => {
  const tls = route({ name: "a", listen: [{ port: 80, bind: "0.0.0.0", tls: "/a.pem" }] });
  const plain = route({ name: "b", internal: { address: "172.17.0.1", port: 80, hosts: ["b"] } });
  expect(() => listenersOf(routesOf(tls, plain))).toThrow(/port 80 .* for b, without/);
});

test("a grant survives its way through the map", () => {
  fc.assert(
    fc.property(
      fc.record({
        share: fc.integer({ min: 0, max: 10_000 }).map((part) => part / 100),
        until: fc.option(fc.integer({ min: 0, max: 9e12 })),
        hold: fc.option(fc.integer({ min: 1, max: 9e12 })),
      }),
      (grant) => {
        for (const key of [undefined, "random", "cookie:sid"])
          expect(parseGrant(grantValue({ ...grant, salt: "a:b c", key }))).toEqual(grant);
      },
    ),
  );
});

test("commands go in lines that fit the buffer, in their order", () => {
  const commands = Array.from({ length: 1_000 }, (_, index) => `set map /a/routes.map key${index} value`);
  const lines = linesOf(commands);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(8_000);
  expect(lines.join(";").split(";")).toEqual(commands);
  expect(linesOf([])).toEqual([]);
});
