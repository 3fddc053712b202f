import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type buildConnector, Client, type Dispatcher } from "undici";
import type { Clock } from "../../../core/clock.ts";
import { classifyError, classifyTimeout, type Stage } from "../classify.ts";
import type { Failure, Phases } from "../probe.ts";

/** Reading stops here, whatever the server still wants to send. */
export const MAX_BODY_BYTES = 256 * 1024;

export interface WireRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | undefined;
}

export interface WireAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** At most `MAX_BODY_BYTES`, still encoded. */
  raw: Buffer;
  truncated: boolean;
  phases: Phases;
}

interface WireFailure {
  failure: Failure;
  phases: Phases;
}

/**
 * Sends one request on a connection of its own and reads the answer: a pooled connection would hide that nobody accepts new
 * ones. Never throws; ends with `signal` at the latest and leaves no socket behind.
 */
export async function exchange(
  request: WireRequest,
  { signal, timeoutMs, clock }: { signal: AbortSignal; timeoutMs: number; clock: Clock },
): Promise<WireAnswer | WireFailure> {
  const watch = stopwatch(clock);
  const phases = watch.phases;
  if (signal.aborted) return { failure: classifyTimeout("processing", timeoutMs), phases };
  const { promise, resolve } = Promise.withResolvers<WireAnswer | WireFailure>();
  const connector = tracedConnector(watch);
  const client = new Client(request.url.origin, {
    connect: connector.connect,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const onDeadline = () => {
    watch.next("end");
    resolve({ failure: classifyTimeout(watch.stage(), timeoutMs), phases });
  };
  signal.addEventListener("abort", onDeadline, { once: true });
  try {
    client.dispatch(toDispatch(request), collect(watch, resolve));
    return await promise;
  } catch (error) {
    return { failure: classifyError(error, watch.stage()), phases };
  } finally {
    signal.removeEventListener("abort", onDeadline);
    connector.destroy();
    client.destroy().catch(() => {});
  }
}

function toDispatch({ method, url, headers, body }: WireRequest): Dispatcher.DispatchOptions {
  return {
    method: method as Dispatcher.HttpMethod,
    path: `${url.pathname}${url.search}`,
    headers,
    body: body ?? null,
    reset: true,
  };
}

type Watch = ReturnType<typeof stopwatch>;

/** Measures the phases: each call of `next` ends the current one; after `end` nothing changes any more. */
function stopwatch(clock: Clock) {
  const phases: Phases = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
  let stage: Stage = "resolve";
  let since = clock.monotonic();
  let ended = false;
  const next = (to: Stage | "end") => {
    if (ended) return;
    ended = to === "end";
    const now = clock.monotonic();
    phases[stage] += now - since;
    since = now;
    if (to !== "end") stage = to;
  };
  return { phases, next, stage: () => stage };
}

function collect(watch: Watch, resolve: (answer: WireAnswer | WireFailure) => void): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let size = 0;
  let status = 0;
  let headers: WireAnswer["headers"] = {};
  const finish = (truncated: boolean) => {
    watch.next("end");
    resolve({
      status,
      headers,
      raw: Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES),
      truncated,
      phases: watch.phases,
    });
  };
  return {
    onRequestStart: () => {},
    onResponseStart: (_controller, code, answered) => {
      if (code < 200) return;
      watch.next("transfer");
      status = code;
      headers = answered;
    },
    onResponseData: (controller, chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) return;
      finish(true);
      controller.abort(new Error("enough read"));
    },
    onResponseEnd: () => finish(false),
    onResponseError: (_controller, error) => {
      watch.next("end");
      resolve({ failure: classifyError(error, watch.stage()), phases: watch.phases });
    },
  };
}

/** Opens the socket itself, because undici neither tells the phases nor closes a socket that is still connecting. */
function tracedConnector(watch: Watch): { connect: buildConnector.connector; destroy(): void } {
  let socket: Socket | undefined;
  const connect: buildConnector.connector = ({ hostname, protocol, port, servername }, callback) => {
    const secure = protocol === "https:";
    const host = hostname.replace(/^\[|\]$/g, "");
    const address = { host, port: Number(port || (secure ? 443 : 80)) };
    // Of the `host` header, where the check names another host than the address does.
    const name = servername || (isIP(host) ? "" : host);
    if (isIP(host)) watch.next("connect");
    const opened = secure
      ? connectTls({ ...address, ALPNProtocols: ["http/1.1"], ...(name === "" ? {} : { servername: name }) })
      : connectTcp(address);
    socket = opened;
    opened.setNoDelay(true);
    opened.once("lookup", () => watch.next("connect"));
    const ready = () => {
      opened.off("error", failed);
      watch.next("processing");
      callback(null, opened);
    };
    const failed = (error: Error) => callback(error, null);
    if (secure) opened.once("connect", () => watch.next("tls"));
    opened.once(secure ? "secureConnect" : "connect", ready);
    opened.once("error", failed);
  };
  // The socket may still report an error after nobody listens any more; unheard it would end the process.
  return { connect, destroy: () => socket?.on("error", () => {}).destroy() };
}
