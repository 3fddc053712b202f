import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer as createTcp } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Check } from "../../src/contract/check.ts";
import type { IncidentSummary } from "../../src/contract/incident.ts";
import type { Notification } from "../../src/contract/notification.ts";
import { daemonUrl, type RunningDaemon, readDaemon, startDaemon } from "../lab/daemon.ts";
import { type Lab, openLab, service } from "../lab/lab.ts";
import { filesWith, tracesOf, wholeDatabase } from "../lab/traces.ts";
import { until } from "../lab/until.ts";

// Each step is a process of its own; a busy machine makes them slow.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** One planted secret for each place that may hold one. None has a shape or stands beside a name that would give it away. */
const PLACES = [
  ...["USER_INFO", "QUERY", "HEADER", "LOGIN", "SQL", "CACHE", "DEVOPS", "LOGGED"],
  ...["HOOK", "SIGNATURE", "ROUTING", "OPSGENIE", "BOT", "CHAT", "MAIL", "DEADMAN", "ALERTS", "PAGER"],
] as const;
type PlaceName = (typeof PLACES)[number];
const planted = Object.fromEntries(
  PLACES.map((place, index) => [place, `zq${index}v8canary${place.toLowerCase()}x${index}`]),
);
/** What the target itself gives out at the sign-in. */
const SESSION = "zqs9sessioncanary77";
const USER_INFO = Buffer.from(`watch:${planted.USER_INFO}`).toString("base64");
const MARKS = [...Object.values(planted), SESSION, USER_INFO];
const traces = tracesOf(MARKS);
const secret = (place: PlaceName) => `\${secret:LAB_${place}}`;
const env = Object.fromEntries(Object.entries(planted).map(([place, value]) => [`LAB_${place}`, value]));

let lab: Lab;
let daemon: RunningDaemon;
const received: string[] = [];
/** Until it is deployed, all is well. */
let isWell = true;

/** All that a request said, so that an answer can say it again. */
const saidBy = async (request: IncomingMessage) =>
  JSON.stringify({ url: request.url, headers: request.headers, body: await text(request) });

const WELL = JSON.stringify({ url: "nothing", body: 1 });
/** Answers everything with what it was asked, as an error; keeps what its working webhook is told. */
const echo = createServer(async (request, response) => {
  const path = new URL(request.url ?? "/", "http://echo").pathname;
  if (path === "/works") received.push(await text(request));
  if (path === "/login") return response.writeHead(200).end(JSON.stringify({ s: SESSION }));
  if (isWell) return response.writeHead(200, { "x-echo": "nothing" }).end(WELL);
  const said = path === "/works" ? "" : await saidBy(request);
  response.writeHead(path === "/works" ? 200 : 500, { "x-echo": encodeURIComponent(said).slice(0, 4_000) }).end(said);
});
/** A server that repeats each line as an error. */
const parrot = createTcp((socket) => {
  socket.on("error", () => {});
  socket.on("data", (data) => socket.write(`-ERR ${data.toString("latin1").replaceAll(/[\r\n]+/g, " ")}\r\n`));
});

const LOUD = `
import { createServer } from "node:http";
const { ECHO, LOGGED, PORT } = process.env;
const say = () => console.log("the night says", LOGGED, JSON.stringify({ LOGGED }));
say();
setInterval(say, 500);
createServer(async (request, response) => {
  if (request.url === "/health") return response.writeHead(200).end();
  const answer = await fetch(ECHO + request.url);
  if (!answer.ok) return response.writeHead(500).end("no " + LOGGED);
  response.writeHead(200, { "x-echo": answer.headers.get("x-echo") }).end(await answer.text());
}).listen(Number(PORT), "127.0.0.1");
`;

async function portOf(server: ReturnType<typeof createTcp>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  const http = `127.0.0.1:${await portOf(echo)}`;
  const tcp = `127.0.0.1:${await portOf(parrot)}`;
  const fast = { every: "1s", critical: true };
  const all = {
    header: { "x-echo": "nothing" },
    body: { contains: "nothing" },
    json: { "$.url": "nothing", "$.body": 1 },
  };
  lab = await openLab({
    services: {
      app: service({
        start: ["${NODE}", "loud.mjs"],
        env: { LOGGED: secret("LOGGED"), ECHO: `http://${http}` },
        startup: "10s",
      }),
    },
    manifest: {
      checks: {
        address: { ...fast, url: `http://watch:${secret("USER_INFO")}@${http}/a?q=${secret("QUERY")}`, expect: all },
        header: { ...fast, url: `http://${http}/h`, headers: { "x-a": secret("HEADER") }, expect: all },
        login: {
          ...fast,
          steps: [
            { post: `http://${http}/login`, json: { who: secret("LOGIN") }, save: { session: "$.s" } },
            { get: `http://${http}/me`, headers: { cookie: "s=${session}", "x-who": secret("LOGIN") }, expect: all },
          ],
        },
        sql: { ...fast, postgres: `postgres://u:${secret("SQL")}@${tcp}/d` },
        cache: { ...fast, redis: `redis://:${secret("CACHE")}@${tcp}` },
        greeting: { ...fast, tcp, send: `${secret("CACHE")}\n`, expect: "welcome" },
        work: { ...fast, service: "app", url: "${service:app}/work", expect: all },
      },
      remedies: { app: { clear_sessions: { path: "/clear", headers: { "x-key": secret("DEVOPS") } } } },
      watch: { deadman: `http://${http}/beat/${secret("DEADMAN")}` },
      alertmanager: { receive: { secret: secret("ALERTS") } },
      status_page: { services: { app: "App", address: "Front", login: "Sign-in" } },
      notify: {
        works: { kind: "webhook", url: `http://${http}/works` },
        hook: { kind: "webhook", url: `http://${http}/${secret("HOOK")}`, secret: secret("SIGNATURE") },
        page: {
          kind: "pagerduty",
          ...{ key: secret("ROUTING"), webhook_secret: secret("PAGER"), url: `http://${http}/events` },
        },
        genie: { kind: "opsgenie", url: `http://${http}/genie`, key: secret("OPSGENIE") },
        bot: { kind: "slack", token: secret("BOT"), channel: "C024BE91L", api: `http://${http}/slack` },
        chat: { kind: "discord", webhook: `http://${http}/${secret("CHAT")}` },
        mail: {
          kind: "email",
          ...{ server: tcp, tls: "none", user: "bot", password: secret("MAIL") },
          ...{ from: "bot@example.com", to: ["ops@example.com"] },
        },
      },
    },
    command: { env },
  });
  lab.write("loud.mjs", LOUD);
  daemon = await startDaemon(lab);
  isWell = false;
});
afterAll(async () => {
  await lab.close();
  for (const server of [echo, parrot]) server.close();
  echo.closeAllConnections();
});

const read = async <T>(path: string) => JSON.parse(await readDaemon(lab, path)) as T;

test("each planted secret is used: all checks fail, every channel is tried", async () => {
  await until(
    "every check",
    async () => {
      const { checks } = await read<{ checks: Check[] }>("/api/checks");
      const own = checks.filter(({ id }) => id.includes("/check/"));
      return own.length === 7 && own.every(({ verdict }) => verdict === "DOWN");
    },
    60_000,
  );
  await until(
    "every channel",
    async () => {
      const { notifications } = await read<{ notifications: Notification[] }>("/api/notifications");
      const tried = notifications.filter(({ attempts }) => attempts > 0).map(({ channel }) => channel);
      return new Set(tried).size === 7;
    },
    60_000,
  );
  await until("a restart", async () =>
    (await read<{ incidents: IncidentSummary[] }>("/api/incidents")).incidents.some(
      ({ actions }) => actions.length > 0,
    ),
  );
});

test("the interface never tells one: every address that can be read", async () => {
  const { paths } = await read<{ paths: Record<string, { get?: object }> }>("/openapi.json");
  const { checks } = await read<{ checks: Check[] }>("/api/checks");
  const { incidents } = await read<{ incidents: IncidentSummary[] }>("/api/incidents?state=all");
  const ids: Record<string, string[]> = {
    "/api/checks/": checks.map(({ id }) => id),
    "/api/incidents/": incidents.map(({ id }) => id),
    "/api/services/": ["app"],
  };
  const wanted = Object.entries(paths).flatMap(([path, { get }]) => {
    if (!get || path === "/api/events" || path.startsWith("/hb/")) return [];
    if (!path.includes("{")) return [path];
    const [, own = []] = Object.entries(ids).find(([start]) => path.startsWith(start)) ?? [];
    return own.map((id) => path.replace(/\{\w+\}/, encodeURIComponent(id)));
  });
  expect(wanted.length).toBeGreaterThan(30);
  let said = "";
  for (const path of [...wanted, "/metrics", "/status"]) {
    const answer = await fetch(daemonUrl(lab) + path, { signal: AbortSignal.timeout(20_000) });
    const body = await answer.text();
    expect(traces(body), path).toEqual([]);
    said += body;
  }
  // What is told of them has dots where the secrets were.
  expect(said).toContain("•••");
  expect(said).toContain("the night says •••");
});

test("nor does a command, a message, the terminal of the daemon, a file or a row", async () => {
  const [incident] = (await read<{ incidents: IncidentSummary[] }>("/api/incidents")).incidents;
  for (const args of [
    ...[["status"], ["checks"], ["checks", "address", "--results"], ["checks", "login", "--results"], ["slo"]],
    ...[
      ["incidents", "--all"],
      ["incidents", incident?.id ?? ""],
      ["heal", incident?.id ?? ""],
      ["heal", "--figures"],
    ],
    ...[["notify", "list"], ["notify", "test"], ["audit", "list"], ["doctor"], ["logs", "app"]],
  ]) {
    const { stdout, stderr } = await lab.run([...args, "--verbose"]);
    expect(traces(stdout + stderr), args.join(" ")).toEqual([]);
  }
  expect(received).not.toEqual([]);
  expect(traces(received.join())).toEqual([]);
  expect(traces(daemon.command.said())).toEqual([]);
  // What a service prints is on disk as it printed it, for its owner only.
  expect(filesWith(traces, lab.state).filter((file) => !/^logs\/app\/[^/]+\.log$/.test(file))).toEqual([]);
  const rows = await wholeDatabase(lab.env.DATABASE_URL);
  expect(rows).toContain("the night says •••");
  expect(traces(rows)).toEqual([]);
});
