import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { systemClock } from "../../../core/clock.ts";
import { findProgram } from "../../../exec/program.ts";
import { CHROMIUM } from "../../programs.ts";
import { runProbe } from "../run.ts";
import { http, processes, redact, run, spec } from "../testing.ts";
import { inSlot } from "./slot.ts";

const chromium = await findProgram(CHROMIUM);
if (!chromium) console.log("browser checks: skipped, there is no Chromium");

function allProcesses() {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8");
    } catch {
      return "";
    }
  };
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => ({ command: read(pid, "cmdline"), environment: read(pid, "environ") }));
}

const ask = (browser: string, options: object = {}, timeoutMs = 60_000) =>
  run(spec("browser", { browser, ...options }, timeoutMs));

test.skipIf(!chromium)(
  "a page that opens, with what must be visible in it, its errors and its time",
  { timeout: 120_000 },
  async () => {
    const url = await http((request, response) => {
      if (request.url === "/gone") return void response.writeHead(404).end();
      if (request.url === "/file")
        return void response.writeHead(200, { "content-disposition": "attachment" }).end("x");
      response.setHeader("content-type", "text/html");
      response.end(`<link rel="icon" href="data:,"><script>setTimeout(() => {
      document.body.innerHTML = "<h1 id=app>Shop</h1><p hidden id=secret>x</p>"; console.error("broken thing")}, 50)</script>`);
    });
    const good = await ask(url, { selector: "#app" });
    expect(good).toMatchObject({ outcome: "ok", facts: { loadMs: expect.any(Number) } });
    expect(good.phases?.processing).toBeGreaterThan(0);
    expect(await ask(url, { selector: "#app", no_console_errors: true })).toMatchObject({
      class: "assertion",
      detail: "errors in the console (1): broken thing",
    });
    expect(await ask(url, { budget: 0.001 })).toMatchObject({ outcome: "slow", class: "slow" });
    expect(await ask(`${url}gone`)).toMatchObject({ class: "http-4xx" });
    expect(await ask(`${url}file`)).toMatchObject({
      ...{ outcome: "fail", class: "assertion", detail: "the answer is a download and no page" },
    });
    expect(await ask("http://127.0.0.1:1/")).toMatchObject({ outcome: "fail" });
  },
);

test.skipIf(!chromium)("a public page leads to no internal address", { timeout: 120_000 }, async () => {
  const visits: string[] = [];
  const inside = await http((request, response) => {
    visits.push(request.url ?? "");
    response.end();
  });
  const server = createServer((request, response) => {
    if (request.url === "/away") return void response.writeHead(302, { location: `${inside}away` }).end();
    response.setHeader("content-type", "text/html");
    response.end(
      `<link rel="icon" href="data:,"><p id="app">well</p><img src="${inside}image" onerror="app.id = 'held'">`,
    );
  }).listen(0, "127.0.0.2");
  await once(server, "listening");
  const outside = `http://127.0.0.2:${(server.address() as AddressInfo).port}/`;
  const see = (browser: string, options: object = {}) =>
    runProbe(spec("browser", { browser, ...options }, 60_000), {
      ...{ clock: systemClock, redact, processes },
      isPublic: (address) => address === "127.0.0.2",
    });
  expect(await see(outside, { selector: "#held" })).toMatchObject({ outcome: "ok" });
  expect(await see(`${outside}away`)).toMatchObject({
    class: "assertion",
    detail: "a public address redirects to an internal one: 127.0.0.1",
  });
  expect(await see("http://127.0.0.2:1111/")).toMatchObject({ class: "refused" });
  expect(visits).toEqual([]);
  // From inside the way leads anywhere.
  expect(await see(inside)).toMatchObject({ outcome: "ok" });
  server.close();
});

test.skipIf(!chromium)(
  "a name with public and internal addresses leads to these, and to no other internal one",
  { timeout: 120_000 },
  async () => {
    let visits = 0;
    const inside = await http((_, response) => response.end(String(++visits)));
    const server = createServer((request, response) => {
      if (request.url === "/away") return void response.writeHead(302, { location: inside }).end();
      response.setHeader("content-type", "text/html").end('<link rel="icon" href="data:,"><p>well</p>');
    }).listen(0, "127.0.0.3");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const see = (path: string) =>
      runProbe(spec("browser", { browser: `http://shop.test:${port}${path}` }, 60_000), {
        ...{ clock: systemClock, redact, processes },
        isPublic: (address) => address === "127.0.0.2",
        lookup: (_name, _options, done) =>
          done(null, [
            { address: "127.0.0.3", family: 4 },
            { address: "127.0.0.2", family: 4 },
          ]),
      });
    expect(await see("/")).toMatchObject({ outcome: "ok" });
    expect(await see("/away")).toMatchObject({ outcome: "fail", class: "assertion" });
    expect(visits).toBe(0);
    server.close();
  },
);

test.skipIf(!chromium)("a name that we do not find opens no way of its own", { timeout: 120_000 }, async () => {
  let visits = 0;
  const url = new URL(await http((_, response) => response.end(String(++visits))));
  // The browser itself knows where that is.
  url.hostname = "shop.localhost";
  const seen = await runProbe(spec("browser", { browser: url.href }, 60_000), {
    ...{ clock: systemClock, redact, processes },
    lookup: (_name, _options, done) => done(Object.assign(new Error("nobody knows"), { code: "EAI_AGAIN" }), []),
  });
  expect([seen.outcome, seen.class, visits]).toEqual(["fail", "dns", 0]);
});

test.skipIf(!chromium)("the browser does not get our environment", { timeout: 120_000 }, async () => {
  const secret = "planted-in-the-environment";
  process.env.PLANTED = secret;
  const seen = { browsers: 0, planted: 0 };
  const url = await http((_, response) => {
    for (const { command, environment } of allProcesses()) {
      if (command.includes("--headless")) seen.browsers++;
      if (environment.includes(secret)) seen.planted++;
    }
    response.setHeader("content-type", "text/html").end("<p>well</p>");
  });
  expect(await ask(url)).toMatchObject({ outcome: "ok" });
  delete process.env.PLANTED;
  expect(seen.browsers).toBeGreaterThan(0);
  expect(seen.planted).toBe(0);
});

test.skipIf(!chromium)("what never becomes visible, and a page that never comes", { timeout: 120_000 }, async () => {
  const url = await http((request, response) => {
    if (request.url === "/never") return;
    response.setHeader("content-type", "text/html");
    response.end('<p hidden id="secret">x</p>');
  });
  expect(await ask(url, { selector: "#secret" }, 10_000)).toMatchObject({
    class: "assertion",
    detail: 'nothing that matches "#secret" became visible',
  });
  expect(await ask(`${url}never`, {}, 8_000)).toMatchObject({ outcome: "fail", class: "read-timeout" });
});

test("one at a time; who waits too long gives up, and the next still gets its turn", async () => {
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const held = inSlot(new AbortController().signal, async () => {
    order.push("first begins");
    await first.promise;
    throw new Error("the first failed");
  });
  const hurried = inSlot(AbortSignal.abort(new Error("no time")), async () => order.push("hurried"));
  const last = inSlot(new AbortController().signal, async () => order.push("last"));
  await Promise.resolve();
  first.resolve();
  await expect(held).rejects.toThrow("the first failed");
  await expect(hurried).rejects.toThrow("no time");
  await last;
  expect(order).toEqual(["first begins", "last"]);
});
