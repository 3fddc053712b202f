import { createSocket } from "node:dgram";
import { Resolver } from "node:dns";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import { lookupName } from "../names/lookup.ts";
import { http } from "../testing.ts";
import { ask } from "./request.ts";

/** Stands for an address of the public internet: this machine answers there too, yet it is another one. */
const PUBLIC = "127.0.0.2";
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function publicServer(location: (path: string) => string): Promise<string> {
  const server = createServer((request, response) => {
    const to = location(request.url ?? "");
    if (to === "") response.end("public");
    else response.writeHead(302, { location: to }).end();
  }).listen(0, PUBLIC);
  servers.push(server);
  await once(server, "listening");
  return `http://${PUBLIC}:${(server.address() as AddressInfo).port}`;
}

const request = (url: string, redirects?: number) => ({
  method: "GET",
  url,
  headers: {},
  isAnswer: () => false,
  redirects,
});
const context = (timeoutMs = 5_000) => ({
  signal: AbortSignal.timeout(timeoutMs),
  timeoutMs,
  clock: systemClock,
  lookup: lookupName,
  isPublic: (address: string) => address === PUBLIC,
});

test("a public address must not redirect to an internal one, by number or by name", async () => {
  let visits = 0;
  const inside = await http((_, response) => {
    visits++;
    response.end("inside");
  });
  const { port } = new URL(inside);
  const outside = await publicServer(
    (path) => ({ "/name": `http://localhost:${port}/`, "/number": inside })[path] ?? "",
  );
  for (const path of ["/number", "/name"])
    expect(await ask(request(outside + path), context())).toMatchObject({
      failure: { class: "assertion", detail: expect.stringContaining("a public address redirects to an internal one") },
    });
  expect(visits).toBe(0);
  expect(await ask(request(inside), context())).toMatchObject({ answer: { text: "inside" } });
});

test("from inside the way leads anywhere, and once outside it stays there", async () => {
  const inside = await http((incoming, response) =>
    incoming.url === "/back" ? response.end("inside") : response.writeHead(302, { location: outside }).end(),
  );
  const outside: string = await publicServer((path) => (path === "/" ? `${inside}back` : ""));
  expect(await ask(request(inside), context())).toMatchObject({ failure: { class: "assertion" } });
  const harmless = await publicServer(() => "");
  const leads = await http((_, response) => response.writeHead(302, { location: harmless }).end());
  expect(await ask(request(leads), context())).toMatchObject({ answer: { text: "public" } });
});

test("how many redirects are followed can be set", async () => {
  const url = await http((incoming, response) => {
    const left = Number(incoming.url?.slice(1));
    if (left === 0) response.end("home");
    else response.writeHead(302, { location: `/${left - 1}` }).end();
  });
  expect(await ask(request(`${url}5`, 5), context())).toMatchObject({ answer: { text: "home" } });
  expect(await ask(request(`${url}1`, 0), context())).toMatchObject({
    failure: { class: "assertion", detail: expect.stringContaining("more than 0 redirects") },
  });
});

test("a name server that never answers ends the run at its deadline as dns", async () => {
  const silent = createSocket("udp4");
  silent.bind(0, "127.0.0.1");
  await once(silent, "listening");
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${silent.address().port}`]);
  const lookup: LookupFunction = (name, _, done) =>
    resolver.resolve4(name, (error, [first = ""] = []) => done(error, first, 4));
  const asked = await ask(request("http://shop.example.com/"), { ...context(300), lookup });
  expect(asked).toMatchObject({
    failure: { outcome: "fail", class: "dns", detail: "the name did not resolve within 300 ms" },
  });
  resolver.cancel();
  silent.close();
});
