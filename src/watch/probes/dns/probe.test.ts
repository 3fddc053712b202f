import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import dns2 from "dns2";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import { createLookup } from "../names/lookup.ts";
import { processes, raw, redact, run, spec } from "../testing.ts";
import { createDnsProbe } from "./probe.ts";

const { Packet } = dns2;
type Way = "udp" | "tcp";
type Handle = (question: { name: string; type: number }, way: Way) => object[] | number | "silent" | "cut";

const ended: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** A DNS server on one port for UDP and TCP. `asked` notes over which way each question came. */
async function serve(handle: Handle): Promise<{ resolver: string; asked: Way[] }> {
  const asked: Way[] = [];
  const answer = (request: dns2.Packet, send: (response: dns2.Packet) => void, way: Way) => {
    asked.push(way);
    const [question] = request.questions;
    const found = handle(question as never, way);
    if (found === "silent") return;
    const response = Packet.createResponseFromRequest(request);
    if (found === "cut") response.header.tc = 1;
    else if (typeof found === "number") response.header.rcode = found;
    else for (const record of found) response.answers.push({ ...question, class: 1, ttl: 60, ...record } as never);
    send(response);
  };
  const tcp = dns2.createTCPServer((request, send) => answer(request, send as never, "tcp"));
  const udp = dns2.createUDPServer((request, send) => answer(request, send as never, "udp"));
  tcp.listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const { port } = tcp.address() as AddressInfo;
  await udp.listen(port, "127.0.0.1");
  ended.push(
    () => tcp.close(),
    () => udp.close(),
  );
  return { resolver: `127.0.0.1:${port}`, asked };
}

const ask = (options: object, timeoutMs?: number) =>
  run(spec("dns", { dns: "shop.example.com", ...options }, timeoutMs));

test("the records of a name, all of them or some", async () => {
  const { resolver, asked } = await serve(({ type }) => {
    if (type === Packet.TYPE.MX) return [{ exchange: "Mail.example.com", priority: 10 }];
    if (type === Packet.TYPE.TXT) return [{ data: "v=spf1 -all" }];
    return [{ address: "192.0.2.1" }, { address: "192.0.2.2" }];
  });
  expect(await ask({ resolver })).toMatchObject({ outcome: "ok" });
  expect(await ask({ resolver, equals: ["192.0.2.2", "192.0.2.1"] })).toMatchObject({ outcome: "ok" });
  expect(await ask({ resolver, contains: "192.0.2.1" })).toMatchObject({ outcome: "ok" });
  expect(await ask({ resolver, type: "MX", equals: "10 mail.example.com." })).toMatchObject({ outcome: "ok" });
  expect(await ask({ resolver, type: "TXT", contains: "v=spf1 -all" })).toMatchObject({ outcome: "ok" });
  expect(await ask({ resolver, equals: "192.0.2.1" })).toMatchObject({
    class: "assertion",
    detail: "A shop.example.com: 192.0.2.2 is there and should not be; the answer is 192.0.2.1, 192.0.2.2",
  });
  expect(await ask({ resolver, contains: "192.0.2.9" })).toMatchObject({ class: "assertion" });
  expect(new Set(asked)).toEqual(new Set(["udp"]));
});

test("names that do not exist, and servers that fail; either can be what is expected", async () => {
  const { resolver } = await serve(({ name }) =>
    name === "gone.example.com" ? 3 : name === "empty.example.com" ? [] : 2,
  );
  expect(await ask({ resolver, dns: "gone.example.com" })).toMatchObject({
    outcome: "fail",
    class: "dns",
    family: "dns",
    detail: "127.0.0.1 answered NXDOMAIN for gone.example.com, expected NOERROR",
  });
  expect(await ask({ resolver, dns: "gone.example.com", rcode: "NXDOMAIN" })).toMatchObject({ outcome: "ok" });
  expect(await ask({ resolver })).toMatchObject({ class: "dns", detail: expect.stringContaining("SERVFAIL") });
  expect(await ask({ resolver, dns: "empty.example.com" })).toMatchObject({
    class: "assertion",
    detail: "A empty.example.com: there is no such record",
  });
});

test("a lost datagram is asked for once more; then TCP answers", async () => {
  let lost = 0;
  const once = await serve((_, way) => (way === "udp" && lost++ === 0 ? "silent" : [{ address: "192.0.2.1" }]));
  expect(await ask({ resolver: once.resolver }, 2_000)).toMatchObject({ outcome: "ok" });
  expect(once.asked).toEqual(["udp", "udp"]);
  const never = await serve((_, way) => (way === "udp" ? "silent" : [{ address: "192.0.2.1" }]));
  expect(await ask({ resolver: never.resolver }, 2_000)).toMatchObject({ outcome: "ok" });
  expect(never.asked).toEqual(["udp", "udp", "tcp"]);
});

test("an answer that does not fit is asked for over TCP at once", async () => {
  const many = Array.from({ length: 100 }, (_, n) => ({ address: `192.0.2.${n}` }));
  const { resolver, asked } = await serve((_, way) => (way === "udp" ? "cut" : many));
  expect(await ask({ resolver, contains: "192.0.2.99" })).toMatchObject({ outcome: "ok" });
  expect(asked).toEqual(["udp", "tcp"]);
});

test("a server that never answers ends the run at its deadline; one that is not there at once", async () => {
  const { resolver, asked } = await serve(() => "silent");
  const result = await ask({ resolver }, 400);
  expect(result).toMatchObject({
    outcome: "fail",
    class: "dns",
    detail: expect.stringContaining("did not answer within 400 ms"),
  });
  expect(result.durationMs).toBeLessThan(5_000);
  expect(asked).toEqual(["udp", "udp", "tcp"]);
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as AddressInfo;
  free.close();
  expect(await ask({ resolver: `127.0.0.1:${port}` })).toMatchObject({
    class: "dns",
    detail: expect.stringContaining("ECONNREFUSED"),
  });
});

test("a server that no datagram may be sent to is one that cannot be asked", async () => {
  expect(await ask({ resolver: "255.255.255.255" }, 2_000)).toMatchObject({ outcome: "fail", class: "dns" });
});

test("what comes over TCP and is no DNS is no answer", async () => {
  const http = await raw((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  expect(await ask({ resolver: new URL(http).host }, 1_000)).toMatchObject({ outcome: "fail", class: "dns" });
});

test("the system's DNS server is that of resolv.conf now, not when the process began", async () => {
  const folder = mkdtempSync(join(tmpdir(), "stationmaster-dns-"));
  ended.push(() => rmSync(folder, { recursive: true }));
  const resolvConf = join(folder, "resolv.conf");
  const check = createDnsProbe({ resolvConf });
  const seen = async () => {
    const context = { clock: systemClock, redact, processes, lookup: createLookup() };
    const { failure } = await check.run(check.Options.parse({ dns: "shop.example.com" }), {
      ...{ ...context, signal: AbortSignal.timeout(1_000), timeoutMs: 1_000 },
    } as never);
    return failure?.detail;
  };
  writeFileSync(resolvConf, "nameserver 127.0.0.251\n");
  expect(await seen()).toContain("127.0.0.251 ");
  writeFileSync(resolvConf, "nameserver 127.0.0.252\nnameserver 127.0.0.253\n");
  expect(await seen()).toContain("127.0.0.252 ");
});
