import type { LookupAddress } from "node:dns";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { AddressInfo, LookupFunction } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import dns2 from "dns2";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import { runProbe } from "../run.ts";
import { http, processes, redact, spec } from "../testing.ts";
import { createLookup } from "./lookup.ts";

const { Packet } = dns2;
const ended: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** Says nothing of `silent.test`, an address of all in `good.test`, SERVFAIL of `broken.test`, NXDOMAIN of all else. */
async function nameServer(): Promise<string> {
  const udp = dns2.createUDPServer((request, send) => {
    const [question] = request.questions;
    const { name = "", type = 0 } = question ?? {};
    if (name.endsWith("silent.test")) return;
    const response = Packet.createResponseFromRequest(request);
    if (name.endsWith("broken.test")) response.header.rcode = 2;
    else if (!name.endsWith("good.test")) response.header.rcode = 3;
    else if (type === Packet.TYPE.A)
      response.answers.push({ ...question, name, type, class: 1, ttl: 60, address: "127.0.0.1" } as never);
    send(response);
  });
  await udp.listen(0, "127.0.0.1");
  ended.push(() => udp.close());
  return `127.0.0.1:${(udp.address() as AddressInfo).port}`;
}

const asked: string[] = [];
const lookupAt = (server: string, sources: object = {}) =>
  createLookup({
    servers: [server],
    hosts: "/nowhere",
    resolvConf: "/nowhere",
    system: async (name) => {
      asked.push(name);
      throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: "ENOTFOUND" });
    },
    ...sources,
  });
const find = (lookup: LookupFunction, name: string, family = 0) =>
  new Promise<unknown>((resolve, reject) =>
    lookup(name, { all: true, family }, (error, found) => (error ? reject(error) : resolve(found))),
  );

test("20 names that nobody answers for delay neither other checks nor other work of the process", async () => {
  const lookup = lookupAt(await nameServer());
  const { port } = new URL(await http((_, response) => response.end("ok")));
  const run = (check: ReturnType<typeof spec>) => runProbe(check, { clock: systemClock, redact, processes, lookup });
  const hanging = Array.from({ length: 20 }, (_, index) =>
    run(spec("http", { url: `http://t${index}.silent.test:${port}/` }, 3_000)),
  );
  const good = await Promise.all([
    ...[1, 2, 3].map((index) => run(spec("http", { url: `http://t${index}.good.test:${port}/` }, 3_000))),
    run(spec("http", { url: `http://t4.good.test:${port}/`, ip: 4 }, 3_000)),
    run(spec("tcp", { tcp: `t5.good.test:${port}` }, 3_000)),
  ]);
  await readFile(import.meta.filename);
  expect(good.map(({ outcome }) => outcome)).toEqual(good.map(() => "ok"));
  expect(good[0]?.phases?.resolve).toBeGreaterThan(0);
  const first = await Promise.race([Promise.all(hanging), "still waiting"]);
  expect(first).toBe("still waiting");
  for (const { outcome, class: name, detail, phases } of await Promise.all(hanging)) {
    expect([outcome, name, detail]).toEqual(["fail", "dns", "the name did not resolve within 3000 ms"]);
    expect(phases).toMatchObject({ connect: 0, processing: 0 });
  }
});

test("only addresses of the wanted version; what DNS does not know is asked of the system, one question for a name at a time", async () => {
  const lookup = lookupAt(await nameServer());
  expect(await find(lookup, "a.good.test", 4)).toEqual([{ address: "127.0.0.1", family: 4 }]);
  expect(await find(lookup, "192.0.2.1")).toEqual([{ address: "192.0.2.1", family: 4 }]);
  asked.length = 0;
  await expect(find(lookup, "a.good.test", 6)).rejects.toMatchObject({ code: "ENOTFOUND" });
  await Promise.allSettled([1, 2, 3].map(() => find(lookup, "printer.local")));
  expect(asked).toEqual(["a.good.test", "printer.local"]);
});

test("a server that fails or is not there is no refusal of the target", async () => {
  const lookup = lookupAt(await nameServer());
  await expect(find(lookup, "a.broken.test")).rejects.toMatchObject({
    code: "EAI_AGAIN",
    message: "DNS did not tell the address of a.broken.test: servfail",
  });
  const system = async () => [{ address: "192.0.2.9", family: 4 }];
  expect(await find(lookupAt("127.0.0.1:9", { system }), "a.good.test")).toEqual(await system());
  const check = spec("http", { url: "http://a.broken.test/" });
  expect(await runProbe(check, { clock: systemClock, redact, processes, lookup })).toMatchObject({ class: "dns" });
});

test("a search domain whose servers fail hides neither the others nor the name itself", async () => {
  const folder = mkdtempSync(join(tmpdir(), "stationmaster-names-"));
  ended.push(() => rmSync(folder, { recursive: true }));
  const resolvConf = join(folder, "resolv.conf");
  writeFileSync(resolvConf, "search broken.test good.test\noptions ndots:5\n");
  const lookup = lookupAt(await nameServer(), { resolvConf });
  expect(await find(lookup, "db")).toEqual([{ address: "127.0.0.1", family: 4 }]);
  writeFileSync(resolvConf, "search other.broken.test\noptions ndots:5\n");
  expect(await find(lookup, "api.good.test")).toEqual([{ address: "127.0.0.1", family: 4 }]);
  asked.length = 0;
  await expect(find(lookup, "nobody")).rejects.toMatchObject({ code: "EAI_AGAIN" });
  expect(asked).toEqual([]);
});

test("the interfaces of this machine are not listed for each name", async () => {
  let listed = 0;
  const interfaces = () => {
    listed++;
    return {};
  };
  const lookup = lookupAt(await nameServer(), { interfaces });
  for (let index = 0; index < 50; index++) await find(lookup, `i${index}.good.test`);
  expect(listed).toBe(1);
});

const own = (family: "IPv4" | "IPv6", address: string) => ({ family, address, internal: false });

test.each([
  ["only of IPv4", [own("IPv4", "192.0.2.1"), own("IPv6", "fe80::1")], [1], [1, 28]],
  ["only of IPv6", [own("IPv6", "2001:db8::1")], [28, 1], [28]],
  ["of both", [own("IPv4", "192.0.2.1"), own("IPv6", "2001:db8::1")], [1, 28], [1, 28]],
] as const)(
  "a machine with addresses %s asks for others only where there is nothing else",
  async (_, addresses, of4, of6) => {
    const questions: number[] = [];
    const udp = dns2.createUDPServer((request, send) => {
      const { name = "", type = 0 } = request.questions[0] ?? {};
      questions.push(type);
      const response = Packet.createResponseFromRequest(request);
      const isOf6 = name.startsWith("six");
      const address = isOf6 ? "2001:db8::9" : "192.0.2.9";
      if (type === (isOf6 ? Packet.TYPE.AAAA : Packet.TYPE.A))
        response.answers.push({ name, type, class: 1, ttl: 60, address } as never);
      send(response);
    });
    await udp.listen(0, "127.0.0.1");
    ended.push(() => udp.close());
    const server = `127.0.0.1:${(udp.address() as AddressInfo).port}`;
    const lookup = lookupAt(server, { interfaces: () => ({ eth0: addresses }) });
    expect(await find(lookup, "four.test")).toEqual([{ address: "192.0.2.9", family: 4 }]);
    expect(questions.splice(0).sort()).toEqual([...of4].sort());
    expect(await find(lookup, "six.test")).toMatchObject([{ family: 6 }]);
    expect(questions.sort()).toEqual([...of6].sort());
  },
);

test("localhost, and what lies below it, is this machine; DNS is not asked", async () => {
  const lookup = lookupAt("127.0.0.1:9");
  const both = ["127.0.0.1", "::1"];
  for (const name of ["localhost", "API.LocalHost", "api.localhost."])
    expect(((await find(lookup, name)) as LookupAddress[]).map(({ address }) => address)).toEqual(both);
  expect(await find(lookup, "api.localhost", 6)).toEqual([{ address: "::1", family: 6 }]);
  asked.length = 0;
  await expect(find(lookup, "notlocalhost")).rejects.toMatchObject({ code: "ENOTFOUND" });
  expect(asked).toEqual(["notlocalhost"]);
});

test("the system is asked for two names at a time", async () => {
  let [running, most] = [0, 0];
  const system = async (name: string) => {
    most = Math.max(most, ++running);
    await systemClock.sleep(20);
    running--;
    return [{ address: name.startsWith("a") ? "192.0.2.1" : "192.0.2.2", family: 4 }];
  };
  const lookup = lookupAt(await nameServer(), { system });
  const names = ["a1.local", "b1.local", "a2.local", "b2.local", "a3.local"];
  const found = await Promise.all(names.map((name) => find(lookup, name)));
  expect(found.flat().map((item) => (item as { address: string }).address.at(-1))).toEqual(["1", "2", "1", "2", "1"]);
  expect(most).toBe(2);
});

test("databases are found the same way", async () => {
  const lookup = lookupAt(await nameServer());
  const run = (check: ReturnType<typeof spec>) => runProbe(check, { clock: systemClock, redact, processes, lookup });
  // Nobody listens on this port: that it was tried means that the name was found.
  const [postgres, redis] = await Promise.all([
    run(spec("postgres", { postgres: "postgres://u@db.good.test:9/x" })),
    run(spec("redis", { redis: "redis://db.good.test:9" })),
  ]);
  expect([postgres.class, redis.class]).toEqual(["refused", "refused"]);
  const silent = await run(spec("postgres", { postgres: "postgres://u@db.broken.test:9/x" }));
  expect(silent).toMatchObject({ class: "dns", detail: expect.stringContaining("db.broken.test") });
});
