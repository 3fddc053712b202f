import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, type Service, startDatabase, startService } from "./testing.ts";
import { html } from "./web/html.ts";

const CANARY = { email: "canary@shop.example", password: "demo-only-canary" };

let database: Awaited<ReturnType<typeof startDatabase>>;
let api: Service;
let web: Service;
const started: Service[] = [];

beforeAll(async () => {
  database = await startDatabase();
  const canary = { CANARY_EMAIL: CANARY.email, CANARY_PASSWORD: CANARY.password };
  api = await startService("api/server.ts", { DATABASE_URL: database.url, ...canary }, "listening");
  started.push(api);
  web = await startService("web/server.ts", { API_URL: api.url, RELEASE: "w1" });
  started.push(web);
  await eventually(() => api.log.some((line) => line.message === "ready"));
});

afterAll(async () => {
  await Promise.all(started.map((service) => service.kill()));
  await database.remove();
});

async function visit(path: string, options: { form?: Record<string, string>; cookie?: string; origin?: string } = {}) {
  const headers = new Headers(options.cookie ? { cookie: options.cookie } : {});
  if (options.origin) headers.set("origin", options.origin);
  const init = options.form ? { method: "POST", body: new URLSearchParams(options.form) } : {};
  const response = await fetch(web.url + path, { ...init, headers, redirect: "manual" });
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  return { status: response.status, text: await response.text(), location: response.headers.get("location"), cookie };
}

test("inserted values are escaped, pages of the tag are not", () => {
  const name = `<script>"&'`;
  expect(html`<b title="${name}">${html`<i>${1}</i>`}${[html`<u></u>`]}</b>`.html).toBe(
    '<b title="&lt;script&gt;&quot;&amp;&#39;"><i>1</i><u></u></b>',
  );
});

test("health and pages name the release", async () => {
  expect(JSON.parse((await visit("/health")).text)).toMatchObject({ status: "healthy", release: "w1" });
  const home = await visit("/");
  expect(home.status).toBe(200);
  expect(home.text).toContain("<title>Everything for the platform");
  expect(home.text).toContain("Guard&#39;s whistle");
  expect(home.text).toContain("release w1");
  expect((await visit("/style.css")).status).toBe(200);
  expect((await visit("/products/none")).status).toBe(404);
  expect((await visit("/none")).status).toBe(404);
});

test("from sign-in to a shipped order", async () => {
  expect(await visit("/cart")).toMatchObject({ status: 303, location: "/login" });
  expect((await visit("/login", { form: { ...CANARY, password: "wrong" } })).status).toBe(401);
  expect((await visit("/login", { form: CANARY, origin: "https://elsewhere.example" })).status).toBe(403);
  const { cookie = "", location } = await visit("/login", { form: CANARY, origin: web.url });
  expect([location, cookie]).toEqual(["/", expect.stringMatching(/^shop_session=[\w-]{43}$/)]);
  expect((await visit("/products/tea", { cookie })).text).toContain("Waiting-room tea");
  expect(await visit("/cart", { cookie, form: { product: "tea", quantity: "3" } })).toMatchObject({
    status: 303,
    location: "/cart",
  });
  expect((await visit("/cart", { cookie, form: { product: "tea", quantity: "many" } })).status).toBe(422);
  expect((await visit("/cart", { cookie })).text).toContain("€ 25.50");
  expect(await visit("/orders", { cookie, form: {} })).toMatchObject({ status: 303, location: "/orders" });
  expect((await visit("/orders", { cookie })).text).toContain("<td>new</td>");

  const workers = await Promise.all(
    [1, 2].map(() => startService("worker/worker.ts", { DATABASE_URL: database.url, ORDER_STEP_MS: "100" }, "working")),
  );
  started.push(...workers);
  await eventually(async () => (await visit("/orders", { cookie })).text.includes("<td>shipped</td>"));
  const moves = workers.flatMap((worker) => worker.log.filter((line) => line.message === "order moved"));
  await eventually(
    () => workers.flatMap((worker) => worker.log).filter((line) => line.message === "order moved").length === 2,
  );
  expect(moves.length).toBeLessThanOrEqual(2);
  expect(await visit("/logout", { cookie, form: {} })).toMatchObject({ status: 303, cookie: "shop_session=" });
  expect((await visit("/cart", { cookie })).location).toBe("/login");
});

test("a worker that is told to stop finishes the order in hand", async () => {
  for (const worker of started.splice(2)) await worker.kill();
  await database.query("INSERT INTO orders (user_id, total_cents) SELECT id, 100 FROM users");
  const worker = await startService(
    "worker/worker.ts",
    { DATABASE_URL: database.url, ORDER_STEP_MS: "1000" },
    "working",
  );
  started.push(worker);
  await eventually(
    async () =>
      (await database.query("SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'")).length === 1,
  );
  worker.signal("SIGTERM");
  expect(await worker.ended).toEqual({ code: 0, signal: null });
  expect(await database.query("SELECT status FROM orders WHERE total_cents = 100")).toEqual([{ status: "packed" }]);
});

test("with the api gone: a friendly page with 503, and the front end itself stays healthy", async () => {
  await api.kill();
  const page = await visit("/");
  expect(page.status).toBe(503);
  expect(page.text).toContain("try again shortly");
  expect((await visit("/health")).status).toBe(200);
  web.signal("SIGTERM");
  expect(await web.ended).toEqual({ code: 0, signal: null });
});
