import { expect, test } from "vitest";
import { StatusPage } from "../contract/status-page.ts";
import { UserError } from "../core/errors.ts";
import { answers } from "./answers/testing.ts";
import { startServer } from "./index.ts";
import { createFakeHouse, rawRequest } from "./testing.ts";

async function withServer(work: (url: string, house: ReturnType<typeof createFakeHouse>) => Promise<void>, more = {}) {
  const house = createFakeHouse();
  const server = await startServer({ usecases: house.usecases, port: 0, version: "1", ...more });
  await work(server.url, house).finally(() => server.close());
}

test.each([
  ["/status", "text/html; charset=UTF-8", "<h1>Shop status</h1>"],
  ["/status.json", "application/json", '"title":"Shop status"'],
  ["/status.atom", "application/atom+xml; charset=utf-8", "<title>Shop status</title>"],
])("%s needs no token, whatever host it is asked for, and may run nothing", async (path, type, part) => {
  const secured = { token: "secret-token" };
  await withServer(async (url) => {
    const { status, headers, body } = await rawRequest(url, { path, headers: { host: "status.example.com" } });
    expect({ status, type: headers["content-type"] }).toEqual({ status: 200, type });
    expect(body).toContain(part);
    const policy = String(headers["content-security-policy"]);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'none'$/);
    expect(policy).not.toContain("unsafe");
    expect(headers["cache-control"]).toBe("public, max-age=5");
    const post = await rawRequest(url, { path, method: "POST" });
    expect(post.status).toBe(404);
  }, secured);
  await withServer(async (url) => {
    const { status } = await rawRequest(url, { path, headers: { host: "status.example.com" } });
    const dashboard = await rawRequest(url, { path: "/api/status", headers: { host: "status.example.com" } });
    expect([status, dashboard.status]).toEqual([200, 403]);
  });
});

test("the JSON has the shape of the contract; without a page in the manifest there is none", async () => {
  await withServer(async (url, house) => {
    expect(StatusPage.parse(await (await fetch(`${url}/status.json`)).json())).toEqual(answers.statusPage);
    house.usecases.statusPage = async () => {
      throw new UserError({ code: "SM-STATUS-PAGE-UNKNOWN", message: "there is no status page" });
    };
    for (const path of ["/status", "/status.json", "/status.atom"]) expect((await fetch(url + path)).status).toBe(404);
  });
});

test("a text for the public is published by who may change things", async () => {
  const publish = (url: string, body: unknown, headers = {}) =>
    fetch(`${url}/api/incidents/inc-1/publish`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", "x-stationmaster-actor": "cli:eva", ...headers },
    });
  await withServer(
    async (url, house) => {
      expect((await publish(url, { text: "Sorry." })).status).toBe(401);
      const authorization = "Bearer secret-token";
      expect((await publish(url, { text: " " }, { authorization })).status).toBe(400);
      expect(await (await publish(url, { text: " Sorry. " }, { authorization })).json()).toMatchObject({
        text: "Sorry.",
      });
      expect(house.calls).toEqual([["publishIncident", "inc-1", "Sorry.", "cli:eva"]]);
    },
    { token: "secret-token" },
  );
});
