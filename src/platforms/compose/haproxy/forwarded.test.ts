import { createServer } from "node:http";
import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { context, hasHaproxy, stage, unit } from "./testing.ts";

/** An address of this machine that is not loopback: who calls it comes from there. */
const outside = Object.values(networkInterfaces())
  .flatMap((list) => list ?? [])
  .find(({ internal, family }) => !internal && family === "IPv4")?.address;
if (!outside) console.log("skipped: requests from elsewhere need an address that is not loopback");
const haproxy = test.skipIf(!hasHaproxy || !outside);
const TOLD = { "x-forwarded-proto": "https", "x-forwarded-host": "shop.example.com" };

/** Answers with the headers it got. */
const mirror = () => createServer((request, response) => void response.end(JSON.stringify(request.headers)));

async function mirrored() {
  const on = await stage();
  const { member } = await unit("one", 0, mirror());
  const listen = [{ port: on.port, bind: "0.0.0.0" }];
  const set = (trusted: string[]) => on.set({ listen, stable: [member], trusted });
  const ask = async (chain: string, address = outside) => {
    const headers = { ...TOLD, "x-forwarded-for": chain };
    return (await (await fetch(`http://${address}:${on.port}`, { headers })).json()) as Record<string, string>;
  };
  return { ...on, mirrorSet: set, ask, member, listen };
}

haproxy("only a trusted proxy is believed about the client", async () => {
  const { mirrorSet, ask, port, proxy } = await mirrored();
  const replaced = {
    "x-forwarded-for": outside,
    "x-forwarded-proto": "http",
    "x-forwarded-host": `${outside}:${port}`,
  };
  await mirrorSet([]);
  expect(await ask("198.51.100.1")).toMatchObject(replaced);
  expect(await ask("198.51.100.1", "127.0.0.1")).toMatchObject({
    ...TOLD,
    "x-forwarded-for": "198.51.100.1, 127.0.0.1",
  });
  await mirrorSet(["203.0.113.0/24", "2001:db8::/32"]);
  expect(await ask("198.51.100.1")).toMatchObject(replaced);
  await mirrorSet([`${outside}/32`, "203.0.113.0/24"]);
  expect(await ask("198.51.100.1")).toMatchObject({ ...TOLD, "x-forwarded-for": `198.51.100.1, ${outside}` });
  await proxy.upgrade(context());
  expect(await ask("198.51.100.1")).toMatchObject(TOLD);
  await mirrorSet([]);
  expect(await ask("198.51.100.1")).toMatchObject(replaced);
});

haproxy("the client is the last address that no trusted proxy has", async () => {
  const { set, ask, port, member, listen } = await mirrored();
  const candidate = (await unit("two")).member;
  const trusted = [outside ?? "", "203.0.113.0/24", "2001:db8::/32"];
  await set({ listen, stable: [member], candidate: [candidate], share: 50, trusted });
  const side = async (chain: string) => {
    const headers = { "x-forwarded-for": chain, "user-agent": "one" };
    const response = await fetch(`http://${outside}:${port}`, { headers });
    await response.text();
    return response.headers.get("x-stationmaster-release");
  };
  const clients = Array.from({ length: 20 }, (_, index) => `198.51.100.${index}`);
  const sides = await Promise.all(clients.map(side));
  expect(new Set(sides).size).toBe(2);
  // By other proxies on the way, and with what a client made up in front.
  const ways = [
    "C, 203.0.113.9",
    "C, 203.0.113.9, 2001:db8::1, 203.0.113.8",
    "192.0.2.77, C",
    "nonsense, C, 203.0.113.1",
  ];
  for (const way of ways)
    expect(await Promise.all(clients.map((client) => side(way.replace("C", client))))).toEqual(sides);
  // Nobody in front: all are one client, whatever they say.
  await set({ listen, stable: [member], candidate: [candidate], share: 50, trusted: [] });
  expect(new Set(await Promise.all(clients.map(side))).size).toBe(1);
  await set({ listen, stable: [member] });
  expect(await ask("198.51.100.1")).toMatchObject({ "x-forwarded-for": outside });
});
