/** A process of the proxy; `old`: a reload replaced it, it finishes what it has. */
export interface ProxyProcess {
  pid: number;
  old: boolean;
}

/** What `show proc` of the master says. */
export interface Processes {
  master: number;
  /** Milliseconds since it was started, in whole seconds; a reload does not count. */
  upMs: number;
  /** Reloads that failed since the last good one. */
  failed: number;
  /** The one that takes new connections first. */
  workers: ProxyProcess[];
}

/** A server as a worker has it. */
export interface SeenServer {
  backend: string;
  id: string;
  port: number;
  weight: number;
  /** Taken out by us; it may still have requests. */
  out: boolean;
  up: boolean;
  inflight: number;
  /** Attempts to reach it; rises only, until the server is made anew. */
  attempts: number;
  /** Attempts that were not repeated elsewhere. */
  requests: number;
  /** Ended without an answer of the unit, though the client waited: a few too many while refused connections are tried again. */
  unanswered: number;
  /** Answers 5xx, answers cut short, and no answer. */
  errors: number;
}

/** What a worker says of itself. */
export interface SeenWorker {
  structure: string;
  version: string;
  /** Epoch ms by its clock. */
  now: number;
  backends: Set<string>;
  servers: SeenServer[];
  map: Map<string, string>;
  /** Open streams by unit. */
  streams: Map<string, number>;
}

/** Reads `show proc`; undefined when it is something else. */
export function parseProcesses(text: string): Processes | undefined {
  const rows = text.split("\n").map((line) => line.trim().split(/\s+/));
  const master = rows.find(([, type]) => type === "master");
  if (!master) return undefined;
  const workers: ProxyProcess[] = [];
  let old = false;
  for (const row of rows) {
    if (row[0] === "#") old = row[1] === "old";
    if (row[1] === "worker") workers.push({ pid: Number(row[0]), old });
  }
  const line = master.join(" ");
  const failed = /\[failed: (\d+)\]/.exec(line)?.[1] ?? 0;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = (/(\d+)d(\d+)h(\d+)m(\d+)s/.exec(line) ?? []).map(Number);
  const upMs = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
  return { master: Number(master[0]), upMs, failed: Number(failed), workers };
}

/** Reads the answers of `show info`, `show activity`, `show stat`, `show map` and `show table streams`, each known by its lines. */
export function parseWorker(text: string): SeenWorker {
  const seen: SeenWorker = {
    structure: /^description: (.*)$/m.exec(text)?.[1] ?? "",
    version: /^Version: (\S+)/m.exec(text)?.[1] ?? "",
    now: Number(/^date_now: (\d+\.\d+)$/m.exec(text)?.[1] ?? 0) * 1_000,
    backends: new Set(),
    servers: [],
    map: new Map(),
    streams: new Map(),
  };
  for (const [, key = "", value = ""] of text.matchAll(/^0x[0-9a-f]+ (\S+) (\S+)$/gm)) seen.map.set(key, value);
  for (const [, unit = "", count] of text.matchAll(/^0x[0-9a-f]+: key=(\S+) .*conn_cur=(\d+)$/gm))
    seen.streams.set(unit, Number(count));
  for (const row of parseStat(text)) {
    const number = (field: string) => Number(row[field] || 0);
    if (row.svname === "BACKEND") seen.backends.add(row.pxname ?? "");
    else
      seen.servers.push({
        backend: row.pxname ?? "",
        id: row.svname ?? "",
        port: Number(row.addr?.split(":").at(-1)),
        weight: number("uweight"),
        out: row.status?.startsWith("MAINT") ?? false,
        up: /^(UP|DRAIN|no check)/.test(row.status ?? ""),
        ...countsOf(number),
      });
  }
  return seen;
}

/**
 * The proxy counts answers only. What a unit owed is what it got less that: a unit that closes a client's second request
 * without a word is otherwise in no figure and in no log (HAProxy closes on the client too, so that it asks again).
 */
function countsOf(number: (field: string) => number) {
  const answers = ["hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx", "hrsp_other"].map(number);
  const [inflight, attempts] = [number("scur"), number("stot")];
  const requests = Math.max(0, attempts - number("wretr") - number("wredis"));
  const answered = answers.reduce((sum, count) => sum + count, 0);
  const unanswered = Math.max(0, requests - inflight - answered - number("cli_abrt"));
  return { inflight, attempts, requests, unanswered, errors: number("hrsp_5xx") + number("srv_abrt") + unanswered };
}

/** The table of `show stat`, a record a row. No value we give holds a comma or a quote; those that might come last. */
function parseStat(text: string): Record<string, string>[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith("# pxname,"));
  if (start < 0) return [];
  const names = lines[start]?.slice(2).split(",") ?? [];
  const end = lines.indexOf("", start);
  return lines.slice(start + 1, end < 0 ? undefined : end).map((line) => {
    const values = line.split(",");
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
  });
}

/** One request as the ring has it; `number` is unique in a worker. */
export interface LoggedRequest {
  number: string;
  route: string;
  unit: string;
  status: number;
  ms: number;
  /** The status is the proxy's, as the unit gave none. */
  ours: boolean;
}

/** Reads `show events requests`, oldest first. Left out: what reached no unit, and what a client gave up. */
export function parseRequests(text: string): LoggedRequest[] {
  return text.split("\n").flatMap((line) => {
    const [number = "", route = "", unit = "", status, ms, end = ""] = line.split(" ");
    const request = { number, route, unit, status: Number(status), ms: Number(ms), ours: /^[^-].*H/.test(end) };
    return /^\w+$/.test(number) && !unit.startsWith("<") && request.status >= 100 && request.ms >= 0 ? [request] : [];
  });
}

/** Reads `show sess`: what runs on which server. */
export function parseSessions(text: string): { session: string; backend: string; server: string }[] {
  return [...text.matchAll(/^(0x[0-9a-f]+): .* be=(\S+) srv=(\S+) /gm)].map(
    ([, session = "", backend = "", server = ""]) => ({ session, backend, server }),
  );
}
