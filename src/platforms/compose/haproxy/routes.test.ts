import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { request as plainRequest } from "node:http";
import { request } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runLoad } from "../../../../bench/load.ts";
import { context, freePort, hasHaproxy, route, stage, unit } from "./testing.ts";

const haproxy = test.skipIf(!hasHaproxy);

/** Status and release that a Host header gets. */
function ask(port: number, host: string, address = "127.0.0.1"): Promise<string> {
  return new Promise((done, fail) => {
    plainRequest({ port, host: address, headers: { host } }, (response) => {
      response.resume();
      done(`${response.statusCode} ${response.headers["x-stationmaster-release"] ?? "-"}`);
    })
      .on("error", fail)
      .end();
  });
}

haproxy("routes share a port by domain, and an address for containers by name", async () => {
  const { proxy, port } = await stage();
  const [shop, blog, api] = [await unit("shop"), await unit("blog"), await unit("api")];
  const inside = { address: "127.0.0.2", port };
  const apply = (change: Parameters<typeof route>[0]) => proxy.apply(route(change), context());
  await apply({
    name: "a:p:shop",
    listen: [{ port, bind: "0.0.0.0", domain: "Shop.example.com" }],
    internal: { ...inside, hosts: ["shop"] },
    stable: [shop.member],
  });
  await apply({
    name: "a:p:blog",
    listen: [{ port, bind: "0.0.0.0", domain: "blog.example.com" }],
    stable: [blog.member],
  });
  await apply({ name: "a:p:api", internal: { ...inside, hosts: ["api", "api.internal"] }, stable: [api.member] });
  expect(await ask(port, "shop.example.com")).toBe("200 release of shop");
  expect(await ask(port, `BLOG.example.com:${port}`)).toBe("200 release of blog");
  expect(await ask(port, "other.example.com")).toBe("404 -");
  expect(await ask(port, `api:${port}`, "127.0.0.2")).toBe("200 release of api");
  expect(await ask(port, "shop", "127.0.0.2")).toBe("200 release of shop");
  // What is meant for containers is not served outside.
  expect(await ask(port, "api")).toBe("404 -");

  await expect(
    apply({ name: "other", listen: [{ port, bind: "0.0.0.0", domain: "blog.example.com" }] }),
  ).rejects.toMatchObject({ code: "SM-PROXY-CLASH" });
  await proxy.remove("a:p:blog", context());
  expect(await ask(port, "blog.example.com")).toBe("404 -");
  expect(Object.keys(await proxy.read(context())).sort()).toEqual(["a:p:api", "a:p:shop"]);
});

haproxy("TLS, and the client's address and scheme told to the unit", async () => {
  const { set, folder, proxy } = await stage();
  const subject = ["-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"];
  const pem = spawnSync("openssl", ["req", "-x509", ...subject, "-keyout", "-", "-out", "-"]).stdout;
  writeFileSync(join(folder, "site.pem"), pem, { mode: 0o600 });
  const port = await freePort();
  const tls = join(folder, "site.pem");
  await set({ listen: [{ port, bind: "127.0.0.1", tls }], stable: [(await unit("one")).member] });
  const status = await new Promise((done, fail) => {
    request({ port, host: "127.0.0.1", rejectUnauthorized: false }, (response) => {
      response.resume();
      done(response.statusCode);
    })
      .on("error", fail)
      .end();
  });
  expect(status).toBe(200);

  // A certificate that is not there: refused before anything is touched.
  const bad = set({ listen: [{ port, bind: "127.0.0.1", tls: join(folder, "none.pem") }] });
  await expect(bad).rejects.toMatchObject({ code: "SM-PROXY-CONFIG" });
  expect((await proxy.read(context())).web?.stable.map(({ id }) => id)).toEqual(["one"]);
});

haproxy("what happens to other routes and addresses drops no request", async () => {
  const { proxy, set, port, url } = await stage();
  const stable = [(await unit("one")).member];
  await set({ stable });
  const end = new AbortController();
  const load = runLoad({ url, rate: 150, signal: end.signal, mix: { getKeepAlive: 2, getNew: 2, postBody: 1 } });
  const other = { name: "other", listen: [{ port: await freePort(), bind: "127.0.0.1" }] };
  for (let round = 0; round < 2; round++) {
    await proxy.apply(route(other), context());
    await set({ stable, listen: [{ port, bind: "0.0.0.0" }] });
    await proxy.remove("other", context());
    await set({
      stable,
      listen: [{ port, bind: "0.0.0.0" }],
      internal: { address: "127.0.0.3", port, hosts: ["one"] },
    });
  }
  end.abort();
  const { failed, failures, sent } = await load;
  expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
  expect(sent).toBeGreaterThan(50);
});

haproxy("a port that another program has: the proxy goes on as before, and later changes work", async () => {
  const { set, proxy, port } = await stage();
  const one = await unit("one");
  await set({ stable: [one.member] });
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => taken.once("listening", done));
  const place = taken.address();
  const busy = typeof place === "object" && place ? place.port : 0;
  const bad = proxy.apply(route({ name: "bad", listen: [{ port: busy, bind: "127.0.0.1" }] }), context());
  await expect(bad).rejects.toMatchObject({
    code: "SM-PROXY-PORT",
    message: `local: HAProxy cannot listen on 127.0.0.1:${busy}: Address already in use`,
  });
  taken.close();
  expect(Object.keys(await proxy.read(context()))).toEqual(["web"]);
  expect(await ask(port, "a")).toBe("200 release of one");
  await set({ stable: [one.member], candidate: [(await unit("two")).member], share: 100 });
  expect(await ask(port, "a")).toBe("200 release of two");
  // Nor does another proxy of the same user get a part of it.
  const second = await stage();
  const stolen = second.set({ listen: [{ port, bind: "127.0.0.1" }] });
  await expect(stolen).rejects.toMatchObject({ code: "SM-PROXY-PORT" });
});
