import { Client, type Dispatcher } from "undici";
import type { Clock } from "../../../core/clock.ts";
import { classifyError, classifyTimeout } from "../classify.ts";
import type { Failure, Phases } from "../probe.ts";
import { type Stopwatch, startStopwatch } from "../stopwatch.ts";
import { type Peer, type Route, tracedConnector } from "./connector.ts";

export interface WireRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | undefined;
}

export interface WireAnswer extends Peer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** At most `maxBody` bytes, still encoded. */
  raw: Buffer;
  truncated: boolean;
  phases: Phases;
}

export interface Exchange extends Route {
  signal: AbortSignal;
  timeoutMs: number;
  clock: Clock;
  /** Reading stops here (bytes), whatever the server still wants to send. */
  maxBody: number;
}

interface WireFailure {
  failure: Failure;
  phases: Phases;
}

/** Made once: an error with its stack for each run would cost as much as the request. */
const OVER = new Error("the run is over");

/**
 * Sends one request on a connection of its own and reads the answer: a pooled connection would hide that nobody accepts new
 * ones. Never throws; ends with `signal` at the latest and leaves no socket behind.
 */
export async function exchange(
  request: WireRequest,
  { signal, timeoutMs, clock, maxBody, ...route }: Exchange,
): Promise<WireAnswer | WireFailure> {
  const watch = startStopwatch(clock);
  const phases = watch.phases;
  if (signal.aborted) return { failure: classifyTimeout("processing", timeoutMs), phases };
  const { promise, resolve } = Promise.withResolvers<Received | WireFailure>();
  const connector = tracedConnector(watch, route, clock);
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
    const end = (answer: Received | WireFailure) => {
      // Before the client does it: it would make an error for that too.
      connector.destroy();
      resolve(answer);
    };
    client.dispatch(toDispatch(request), collect(watch, maxBody, end));
    const received = await promise;
    return "failure" in received ? received : { ...received, ...connector.peer() };
  } catch (error) {
    return { failure: classifyError(error, watch.stage()), phases };
  } finally {
    signal.removeEventListener("abort", onDeadline);
    connector.destroy();
    client.destroy(OVER).catch(() => {});
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

type Received = Omit<WireAnswer, keyof Peer>;

function collect(
  watch: Stopwatch,
  maxBody: number,
  resolve: (answer: Received | WireFailure) => void,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let size = 0;
  let status = 0;
  let headers: WireAnswer["headers"] = {};
  const finish = (truncated: boolean) => {
    watch.next("end");
    resolve({
      status,
      headers,
      raw: Buffer.concat(chunks).subarray(0, maxBody),
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
    // What follows what was enough is not looked at. The request is not aborted besides: undici takes the end of a connection
    // for the end of a body without length, and that of an aborted one ends the process by an assertion.
    onResponseData: (_controller, chunk) => {
      if (size > maxBody) return;
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBody) finish(true);
    },
    onResponseEnd: () => size <= maxBody && finish(false),
    onResponseError: (_controller, error) => {
      watch.next("end");
      resolve({ failure: classifyError(error, watch.stage()), phases: watch.phases });
    },
  };
}
