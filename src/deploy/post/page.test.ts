import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBrowser, openPage } from "./browser.ts";
import { pageFault } from "./page.ts";

const URL = "http://shop.example:8080";
const OLD = "http://127.0.0.1:40001";
const error = (text: string, url: string | null = null) => ({ text, url });
const missing = (url: string) => error("Failed to load resource: the server responded with a status of 404", url);

describe("what is wrong with a page", () => {
  test.each([
    ["nothing", 200, [], [], undefined],
    ["no answer", null, [], [], "does not open"],
    ["an error page", 500, [], [], "answers 500"],
    [
      "a new exception",
      200,
      [error("TypeError: x is undefined\n    at app.js:3")],
      [],
      "has new console errors (1), first: TypeError: x is undefined",
    ],
    ["the old page says so too", 200, [error("warning 17")], [error("warning 4")], undefined],
    ["a resource that is gone", 200, [missing(`${URL}/app.js`)], [], /404|#/],
    ["one that was gone before", 200, [missing(`${URL}/app.js`)], [missing(`${OLD}/app.js`)], undefined],
    ["somebody else's resource", 200, [missing("https://fonts.example/a.css")], [], undefined],
    ["the icon a browser asks for", 200, [missing(`${URL}/favicon.ico`)], [], undefined],
    ["nothing to compare with", 200, [error("boom")], undefined, undefined],
  ])("%s", (_, status, errors, known, expected) => {
    const fault = pageFault({ status, errors }, { url: URL, before: OLD, known });
    if (expected instanceof RegExp) expect(fault).toMatch(expected);
    else expect(fault).toBe(expected);
  });
});

const browser = findBrowser();
if (!browser) console.log("skipped: pages in a browser (no chromium or google-chrome in PATH)");

describe.skipIf(!browser)("in a browser", () => {
  const PAGE = `<title>t</title><img src="/missing.png"><script>
    console.log("fine"); console.error("bad", { a: 1 }); setTimeout(() => { throw new Error("boom"); }, 50);
  </script>`;
  const server = createServer((request, response) => {
    const page = { "/": [200, PAGE], "/broken": [503, "<p>away</p>"], "/quiet": [200, "<p>well</p>"] }[
      request.url ?? ""
    ];
    response.writeHead(Number(page?.[0] ?? 404), { "content-type": "text/html" }).end(page?.[1]);
  });
  let url: string;
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const open = async (path: string) => await openPage(browser ?? "", `${url}${path}`, AbortSignal.timeout(30_000));

  test("console errors, exceptions and lost resources are seen, other lines are not", async () => {
    const { status, errors } = await open("/");
    expect(status).toBe(200);
    const told = errors.filter(({ url: resource }) => !resource?.endsWith("favicon.ico"));
    expect(
      told.map(({ text, url: resource }) => `${text.split("\n")[0]} ${resource?.replace(url, "") ?? "-"}`),
    ).toEqual(
      expect.arrayContaining([
        "bad Object -",
        "Error: boom -",
        "Failed to load resource: the server responded with a status of 404 (Not Found) /missing.png",
      ]),
    );
    expect(told).toHaveLength(3);
  });

  test("the answer of the document counts, and that there is one", async () => {
    expect(await open("/broken")).toMatchObject({ status: 503 });
    expect(await open("/quiet")).toMatchObject({ status: 200 });
    expect(await openPage(browser ?? "", "http://127.0.0.1:1/", AbortSignal.timeout(30_000))).toMatchObject({
      status: null,
    });
  });

  test("whoever gives up waits for no page", async () => {
    const giveUp = new AbortController();
    const opened = openPage(browser ?? "", `${url}/`, giveUp.signal);
    giveUp.abort(new Error("enough"));
    await expect(opened).rejects.toThrow("enough");
  });
});

test("a program that is no browser is told as such", async () => {
  await expect(openPage(process.execPath, "http://127.0.0.1:1/", AbortSignal.timeout(30_000))).rejects.toMatchObject({
    code: "SM-BROWSER",
  });
});
