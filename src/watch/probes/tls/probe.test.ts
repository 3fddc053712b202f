import { createServer as createHttps } from "node:https";
import { createServer, type Server } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { get, listen, raw, run, spec } from "../testing.ts";
import { type Authority, createAuthority, missingOpenssl, type Served } from "./testing.ts";

if (missingOpenssl) console.log(`certificates: skipped, ${missingOpenssl}`);

const DAY = 86_400;
const HOST = "shop.example.com";

describe.skipIf(missingOpenssl)("certificates that are truly served", () => {
  let authority: Authority;
  beforeAll(() => {
    authority = createAuthority();
  });
  afterAll(() => authority.remove());

  const serve = async (served: Served) => `127.0.0.1:${await listen(createServer(served) as Server)}`;
  const ask = async (served: Served, options: object = {}) =>
    await run(spec("tls", { tls: await serve(served), servername: HOST, ca: authority.ca, ...options }));

  test("one that is valid is ok, with the seconds it has left", async () => {
    const result = await ask(authority.issue({ host: HOST, days: 90 }));
    expect(result).toMatchObject({ outcome: "ok", class: null });
    expect(Math.round((result.facts?.secondsLeft ?? 0) / DAY)).toBe(90);
    expect(result.facts?.notAfter).toBeCloseTo(Date.now() / 1_000 + 90 * DAY, -2);
    expect(result.phases?.tls).toBeGreaterThan(0);
  });

  test("one that ends soon is told with its date before it does; how soon can be set", async () => {
    const soon = authority.issue({ host: HOST, days: 9 });
    const date = new Date(Date.now() + 9 * DAY * 1_000).toISOString().slice(0, 7);
    const result = await ask(soon);
    expect(result).toMatchObject({ outcome: "slow", class: "tls-expiring", family: "tls" });
    expect(result.detail).toMatch(
      new RegExp(`^the certificate of ${HOST} expires on ${date}-\\d\\d \\d\\d:\\d\\d UTC, in \\d d`),
    );
    expect(await ask(soon, { warn: 2 * DAY * 1_000 })).toMatchObject({ outcome: "ok" });
  });

  test("the certificate of the chain that ends first counts", async () => {
    const leaf = authority.issue({ host: HOST, days: 300, through: 5 });
    expect(await ask(leaf)).toMatchObject({
      class: "tls-expiring",
      detail: expect.stringContaining("Test Intermediate"),
      facts: { secondsLeft: expect.closeTo(5 * DAY, -2) },
    });
    expect(await ask(authority.issue({ host: HOST, days: 300, through: 200 }))).toMatchObject({ outcome: "ok" });
  });

  test.each([
    ["over", { host: HOST, fromDays: -9, days: -2 }, "tls-expired", "expired on"],
    ["over above it", { host: HOST, days: 90, through: -0.5 }, "tls-expired", "Test Intermediate expired"],
    ["not valid yet", { host: HOST, fromDays: 2, days: 90 }, "tls-invalid", "is valid from"],
    [
      "of another name",
      { host: "other.example.com", days: 90 },
      "tls-invalid",
      "another name (of DNS:other.example.com",
    ],
  ])("one that is %s", async (_, wanted, name, says) => {
    expect(await ask(authority.issue(wanted))).toMatchObject({
      outcome: "fail",
      class: name,
      family: "tls",
      detail: expect.stringContaining(says),
    });
  });

  test("one that nobody vouches for, and one of another issuer", async () => {
    const own = authority.selfSigned(HOST);
    expect(await ask(own)).toMatchObject({ class: "tls-invalid", detail: expect.stringContaining("signed by itself") });
    const good = authority.issue({ host: HOST, days: 90 });
    expect(await ask(good, { ca: own.cert })).toMatchObject({ class: "tls-invalid" });
    expect(await ask(good, { issuer: "Test Root" })).toMatchObject({ outcome: "ok" });
    expect(await ask(good, { issuer: "Big CA" })).toMatchObject({
      class: "tls-invalid",
      detail: expect.stringContaining('does not contain "Big CA"'),
    });
  });

  test("the name of the address counts where no other is given", async () => {
    const tls = await serve(authority.issue({ host: "localhost", days: 90 }));
    const at = tls.replace("127.0.0.1", "localhost");
    expect(await run(spec("tls", { tls: at, ca: authority.ca, ip: 4 }))).toMatchObject({ outcome: "ok" });
    expect(await run(spec("tls", { tls, ca: authority.ca }))).toMatchObject({ class: "tls-invalid" });
  });

  test("a url check uses the same: an authority, our own certificate, the days that must be left", async () => {
    const served = authority.issue({ host: "localhost", days: 20 });
    const options = { ...served, ca: authority.ca, requestCert: true, rejectUnauthorized: true };
    const server = createHttps(options, (_, response) => response.end("fine"));
    const url = `https://localhost:${await listen(server)}/`;
    const own = authority.issue({ host: "stationmaster", days: 3 });
    const tls = { ca: authority.ca, cert: own.cert, key: own.key };
    const result = await get(url, { tls, ip: 4, expect: { cert: "10d" } });
    expect(result).toMatchObject({ outcome: "ok", facts: { secondsLeft: expect.closeTo(20 * DAY, -2) } });
    expect(await get(url, { tls, ip: 4, expect: { cert: "30d", body: "fine" } })).toMatchObject({
      outcome: "slow",
      class: "tls-expiring",
    });
    expect(await get(url, { tls: { ca: authority.ca }, ip: 4 })).toMatchObject({ outcome: "fail" });
    expect(await get(url, { ip: 4 })).toMatchObject({ class: "tls-invalid" });
    expect(await get(url, { tls: { ca: "/nowhere/ca.pem" }, ip: 4 })).toMatchObject({
      outcome: "unknown",
      class: "prober",
    });
  });

  test("a server that renegotiates without end does not keep us", async () => {
    const served = authority.issue({ host: HOST, days: 90 });
    const server = createServer({ ...served, maxVersion: "TLSv1.2" }, (socket) => {
      socket.on("error", () => {});
      const again = () => socket.destroyed || socket.renegotiate({}, () => setImmediate(again));
      socket.once("data", () => {
        again();
        setTimeout(() => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"), 50);
      });
    });
    const url = `https://127.0.0.1:${await listen(server)}/`;
    const result = await get(url, { tls: { ca: authority.ca }, headers: { host: HOST } }, 2_000);
    expect(["ok", "fail"]).toContain(result.outcome);
    expect(result.durationMs).toBeLessThan(10_000);
  });
});

test("who speaks no TLS, or nothing, is told apart", async () => {
  const plain = await raw((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  expect(await run(spec("tls", { tls: new URL(plain).host }))).toMatchObject({ outcome: "fail", class: "tls-invalid" });
  const silent = await raw(() => {});
  expect(await run(spec("tls", { tls: new URL(silent).host }, 300))).toMatchObject({ class: "connect-timeout" });
  expect(await run(spec("tls", { tls: "127.0.0.1:1" }))).toMatchObject({ class: "refused" });
  expect(await run(spec("tls", { tls: "nonsense" }))).toMatchObject({ class: "assertion" });
});
