import { type Answer, createAgent, exchange, type Kind } from "./load/requests.ts";
import { type StreamCounts, watchEvents, watchSocket } from "./load/streams.ts";

export interface LoadOptions {
  /** Base address; `paths` are relative to it. */
  url: string;
  /** Requests per second. They leave on schedule whatever the answers (open loop). */
  rate: number;
  /** Ends the load; or `durationMs`, or whichever comes first. */
  signal?: AbortSignal;
  durationMs?: number;
  /** Parts of the traffic: GET on kept connections, GET on new ones, POST of random bytes that are to come back. */
  mix?: Partial<Record<Kind, number>>;
  paths?: { get?: string; post?: string };
  /** Path of server-sent events to listen to meanwhile. */
  sse?: string;
  /** Path of a WebSocket echo to talk to meanwhile. */
  websocket?: string;
  /** A request without a whole answer by then has failed. */
  timeoutMs?: number;
  /** Looks at every 2xx answer; a returned text makes it a failure. */
  check?: (answer: Answer) => string | undefined;
  /** So many different clients, by their `user-agent`; 1 where nothing is said. */
  clients?: number;
  /** The header that names the release; `x-stationmaster-release` where nothing is said. */
  releaseHeader?: string;
}

export interface LoadReport {
  sent: number;
  ok: number;
  failed: number;
  /** The first 20. */
  failures: { at: string; kind: Kind; reason: string }[];
  /** Milliseconds from the scheduled moment to the last byte; null without an answer. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** Good answers by release; `-` without one. */
  releases: Record<string, number>;
  sse: StreamCounts;
  ws: StreamCounts;
}

const TICK_MS = 2;
const MOST_FAILURES = 20;

/** Sends an open-loop load and counts what failed: not 2xx, reset, late, or a wrong body. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const { url, rate, mix = { getKeepAlive: 1 }, paths = {}, timeoutMs = 10_000, check } = options;
  const { releaseHeader = "x-stationmaster-release", clients = 1 } = options;
  const end = endSignal(options);
  const addresses: Record<Kind, URL> = {
    getKeepAlive: new URL(paths.get ?? "/", url),
    getNew: new URL(paths.get ?? "/", url),
    postBody: new URL(paths.post ?? "/echo", url),
  };
  const agent = createAgent();
  const report: LoadReport = {
    sent: 0,
    ok: 0,
    failed: 0,
    failures: [],
    p50: null,
    p95: null,
    p99: null,
    releases: {},
    sse: { events: 0, cuts: 0 },
    ws: { events: 0, cuts: 0 },
  };
  const latencies: number[] = [];
  const nextKind = kindOrder(mix);
  const pending = new Set<Promise<void>>();

  async function send(kind: Kind, due: number): Promise<void> {
    try {
      const answer = await exchange({ url: addresses[kind], kind, agent, timeoutMs, client: report.sent % clients });
      const problem = check?.(answer);
      if (problem !== undefined) throw new Error(problem);
      latencies.push(performance.now() - due);
      report.ok += 1;
      const release = answer.headers[releaseHeader]?.toString() ?? "-";
      report.releases[release] = (report.releases[release] ?? 0) + 1;
    } catch (error) {
      report.failed += 1;
      if (report.failures.length >= MOST_FAILURES) return;
      report.failures.push({
        at: new Date().toISOString(),
        kind,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }

  const streams = [
    options.sse === undefined ? undefined : watchEvents(new URL(options.sse, url), report.sse, end),
    options.websocket === undefined ? undefined : watchSocket(new URL(options.websocket, url), report.ws, end),
  ];
  await schedule(rate, end, (due) => {
    report.sent += 1;
    const one: Promise<void> = send(nextKind(), due).finally(() => pending.delete(one));
    pending.add(one);
  });
  await Promise.all([...pending, ...streams]);
  agent.destroy();
  return { ...report, ...percentiles(latencies) };
}

/** Calls `send` `rate` times a second until the end; a late timer catches up, so that none is left out. */
async function schedule(rate: number, end: AbortSignal, send: (due: number) => void): Promise<void> {
  const start = performance.now();
  let count = 0;
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      const now = performance.now();
      for (let due = start + (count * 1_000) / rate; due <= now && !end.aborted; due = start + (count * 1_000) / rate) {
        count += 1;
        send(due);
      }
      if (!end.aborted) return;
      clearInterval(timer);
      done();
    }, TICK_MS);
  });
}

function endSignal({ signal, durationMs }: LoadOptions): AbortSignal {
  const timeout = durationMs === undefined ? undefined : AbortSignal.timeout(durationMs);
  if (signal && timeout) return AbortSignal.any([signal, timeout]);
  const end = signal ?? timeout;
  if (!end) throw new TypeError("a load needs signal or durationMs, or it would never end");
  return end;
}

/** The kinds in an even order that keeps their parts at every moment. */
function kindOrder(mix: Partial<Record<Kind, number>>): () => Kind {
  const kinds = (["getKeepAlive", "getNew", "postBody"] as const).map((kind) => ({
    kind,
    part: mix[kind] ?? 0,
    credit: 0,
  }));
  const total = kinds.reduce((sum, { part }) => sum + part, 0);
  return () => {
    for (const item of kinds) item.credit += item.part;
    const next = kinds.reduce((best, item) => (item.credit > best.credit ? item : best));
    next.credit -= total;
    return next.kind;
  };
}

/** Nearest-rank percentiles, rounded to 0.001. */
export function percentiles(values: readonly number[]): { p50: number | null; p95: number | null; p99: number | null } {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => {
    const value = sorted[Math.ceil(sorted.length * share) - 1];
    return value === undefined ? null : Math.round(value * 1_000) / 1_000;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
