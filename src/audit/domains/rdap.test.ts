import { afterEach, beforeEach, expect, test } from "vitest";
import { candidates, publicNames } from "./names.ts";
import { askDomainEnd, readServers } from "./rdap.ts";
import { startRegistry } from "./testing.ts";

const END = "2027-05-01T12:00:00Z";
const signal = new AbortController().signal;

let registry: Awaited<ReturnType<typeof startRegistry>>;
beforeEach(async () => {
  registry = await startRegistry({
    "shop.com": END,
    "shop.co.uk": "2026-12-24T00:00:00+02:00",
    "silent.net": null,
    "gb.net": null,
    "eu.gb.net": END,
  });
});
afterEach(() => registry.stop());

test("only names that a registry may know are asked about, each once", () => {
  const hosts = [
    "Shop.com",
    "shop.com.",
    "127.0.0.1",
    "::1",
    "[::1]",
    "localhost",
    "db",
    "api.localhost",
    "db.internal",
  ];
  expect(publicNames([...hosts, "printer.local", "a.home.arpa", "büro.de", "x_y.com", "10.0.0.7", ""])).toEqual([
    "shop.com",
    "xn--bro-hoa.de",
  ]);
  expect(candidates("a.b.co.uk", "uk")).toEqual(["co.uk", "b.co.uk", "a.b.co.uk"]);
  expect(candidates("a.b.co.uk", "co.uk")).toEqual(["b.co.uk", "a.b.co.uk"]);
  expect(candidates("shop.com", "com")).toEqual(["shop.com"]);
});

test("of a name its registry is told no more than it takes", async () => {
  const servers = await readServers(registry.list, signal);
  expect(await askDomainEnd(servers, "api.eu.shop.com", signal)).toEqual({
    domain: "shop.com",
    endsAt: Date.parse(END),
  });
  expect(registry.asked.slice(1)).toEqual(["/registry/domain/shop.com"]);
  expect(await askDomainEnd(servers, "www.shop.co.uk", signal)).toMatchObject({
    ...{ domain: "shop.co.uk", endsAt: Date.parse("2026-12-23T22:00:00Z") },
  });
  registry.asked.length = 0;
  expect(await askDomainEnd(servers, "api.eu.gb.net", signal)).toMatchObject({ domain: "eu.gb.net" });
  expect(await askDomainEnd(servers, "db.secret.silent.net", signal)).toEqual({ domain: "silent.net", endsAt: null });
  expect(registry.asked.map((url) => url.split("/").at(-1))).toEqual([
    ...["gb.net", "eu.gb.net"],
    ...["silent.net", "secret.silent.net"],
  ]);
  expect(await askDomainEnd(servers, "silent.net", signal)).toEqual({ domain: "silent.net", endsAt: null });
  expect(await askDomainEnd(servers, "nobody.net", signal)).toEqual({ domain: null, endsAt: null });
  expect(await askDomainEnd(servers, "shop.example-tld", signal)).toBeUndefined();
});

test.each([
  [{ status: 429 }, "answered 429"],
  [{ status: 500 }, "answered 500"],
  [{ body: "<html>" }, "answered something else"],
  [{ body: '{"events":[{"eventAction":7}]}' }, "answered something else"],
])("an answer like %j is a failure, not an end", async (fault, why) => {
  const servers = await readServers(registry.list, signal);
  registry.faults.push(fault);
  const asked = askDomainEnd(servers, "shop.com", signal);
  await expect(asked).rejects.toMatchObject({ code: "SM-RDAP-AWAY", message: expect.stringContaining(why) });
});

test("a registry that never answers, or none at all, is a failure with a deadline", async () => {
  const servers = await readServers(registry.list, signal);
  registry.faults.push({ hang: true });
  await expect(askDomainEnd(servers, "shop.com", AbortSignal.timeout(300))).rejects.toMatchObject({
    code: "SM-RDAP-AWAY",
  });
  await expect(readServers("http://127.0.0.1:1/dns.json", signal)).rejects.toMatchObject({ code: "SM-RDAP-AWAY" });
});
