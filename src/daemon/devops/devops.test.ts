// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the manifest has its own placeholders
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { DevOpsSchema } from "../../config/devops.ts";
import { createRedactor } from "../../core/redact.ts";
import type { Engine } from "../engine.ts";
import { createDevOps } from "./devops.ts";
import { createSweep } from "./sweep.ts";

const SECRET = "devops-planted-secret";
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

async function serve(handle: RequestListener): Promise<string> {
  const server = createServer(handle).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What an application answers, and how it was asked. */
async function application() {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.headers["x-devops-secret"] !== SECRET) return void response.writeHead(401).end(`no: ${SECRET}`);
    response.end(JSON.stringify({ removed: 3, note: `used ${SECRET}` }));
  });
  return { url, asked };
}

function house(url: string | undefined, secret = SECRET) {
  const audited: unknown[][] = [];
  const devops = url === undefined ? undefined : DevOpsSchema.parse({ url: "${service:api}", secret: "${secret:KEY}" });
  const engine = {
    ...{ redact: createRedactor([SECRET]), environment: "local", manifest: { devops } },
    resolve: async (text: string) => text.replace("${service:api}", `${url}/`).replace("${secret:KEY}", secret),
    audit: async ({ actor, action, detail }: { actor: string; action: string; detail: object }) =>
      void audited.push([actor, action, detail]),
  } as unknown as Engine;
  return { devops: createDevOps(engine), audited };
}

test("the four calls go out with the secret, and their answers come back without it", async () => {
  const { url, asked } = await application();
  const { devops, audited } = house(url);
  const answer = { status: 200, body: { removed: 3, note: "used •••" } };
  expect(await devops.ask("health")).toEqual(answer);
  expect(await devops.ask("stats")).toEqual(answer);
  expect(audited).toEqual([]);
  expect(await devops.clear("stale-sessions", "ann")).toEqual(answer);
  expect(await devops.clear("orphans", "ann")).toEqual(answer);
  expect(asked).toEqual([
    "GET /api/devops/health",
    "GET /api/devops/stats",
    "DELETE /api/devops/cleanup/stale-sessions",
    "DELETE /api/devops/cleanup/orphans",
  ]);
  expect(audited.slice(0, 2)).toEqual([
    ["ann", "devops.clear-stale-sessions", { phase: "intent" }],
    ["ann", "devops.clear-stale-sessions", { phase: "outcome", ...answer }],
  ]);
});

test("a refusal says what to compare and shows no secret; the audit has it", async () => {
  const { url } = await application();
  const { devops, audited } = house(url, "wrong");
  const failure = await devops.clear("orphans", "ann").catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "SM-DEVOPS-REFUSED",
    status: 401,
    next: expect.stringContaining("devops.secret"),
  });
  expect(String(failure)).not.toContain(SECRET);
  expect(audited.at(-1)).toMatchObject([
    "ann",
    "devops.clear-orphans",
    { phase: "outcome", error: expect.any(String) },
  ]);
});

test("a redirect is not followed: the secret stays here", async () => {
  const other = await application();
  const url = await serve((_request, response) => void response.writeHead(307, { location: other.url }).end());
  await expect(house(url).devops.ask("health")).rejects.toMatchObject({ code: "SM-DEVOPS-REFUSED", status: 307 });
  expect(other.asked).toEqual([]);
});

test.each([
  ["no JSON", "<html>", "SM-DEVOPS-ANSWER"],
  ["too much", `"${"x".repeat(100_000)}"`, "SM-DEVOPS-ANSWER"],
])("%s is no answer", async (_what, body, code) => {
  const url = await serve((_request, response) => void response.end(body));
  await expect(house(url).devops.ask("stats")).rejects.toMatchObject({ code });
});

test("an empty answer is one", async () => {
  const url = await serve((_request, response) => void response.writeHead(204).end());
  expect(await house(url).devops.clear("orphans", "ann")).toEqual({ status: 204, body: null });
});

test("who does not answer is given up with the caller's signal, and a dead one is away", async () => {
  const url = await serve(() => {});
  await expect(house(url).devops.ask("health", AbortSignal.timeout(200))).rejects.toMatchObject({
    code: "SM-DEVOPS-AWAY",
  });
  await expect(house("http://127.0.0.1:1").devops.ask("health")).rejects.toMatchObject({ retryable: true });
});

test("too many calls are refused here, and without a word in the manifest there is nobody to ask", async () => {
  const { url, asked } = await application();
  const { devops } = house(url);
  const codes = [];
  for (let count = 0; count < 15; count++)
    codes.push(
      await devops.ask("health").then(
        () => "ok",
        ({ code }) => code,
      ),
    );
  expect(codes).toContain("SM-DEVOPS-RATE");
  expect(asked.length).toBeLessThan(15);
  await expect(house(undefined).devops.ask("health")).rejects.toMatchObject({ code: "SM-DEVOPS-NONE" });
});

test("sign-in checks are swept after, at most once in a while", async () => {
  const cleared: string[] = [];
  const problems: unknown[] = [];
  let now = 0;
  let every: number | undefined = 1_000;
  const sweep = createSweep({
    clock: { monotonic: () => now },
    everyMs: () => every,
    devops: {
      clear: async (what, actor) => {
        cleared.push(`${what} ${actor}`);
        if (cleared.length === 2) throw new Error("away");
        return { status: 200, body: null };
      },
    },
    report: (error) => problems.push(error),
    track: (work) => work,
  });
  sweep({ type: "http", id: "home" });
  sweep({ type: "steps", id: "login" });
  now = 999;
  sweep({ type: "steps", id: "login" });
  now = 1_000;
  sweep({ type: "steps", id: "login" });
  every = undefined;
  now = 9_000;
  sweep({ type: "steps", id: "login" });
  await new Promise(setImmediate);
  expect(cleared).toEqual(["stale-sessions check:login", "stale-sessions check:login"]);
  expect(problems).toHaveLength(1);
});
