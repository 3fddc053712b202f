import { expect, test } from "vitest";
import { findProgram } from "../../../exec/program.ts";
import { CHROMIUM } from "../../programs.ts";
import { http, run, spec } from "../testing.ts";
import { inSlot } from "./slot.ts";

const chromium = await findProgram(CHROMIUM);
if (!chromium) console.log("browser checks: skipped, there is no Chromium");

const ask = (browser: string, options: object = {}, timeoutMs = 60_000) =>
  run(spec("browser", { browser, ...options }, timeoutMs));

test.skipIf(!chromium)(
  "a page that opens, with what must be visible in it, its errors and its time",
  { timeout: 120_000 },
  async () => {
    const url = await http((request, response) => {
      if (request.url === "/gone") return void response.writeHead(404).end();
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
    expect(await ask("http://127.0.0.1:1/")).toMatchObject({ outcome: "fail" });
  },
);

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
