import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import type { Choosable } from "./choice.ts";
import type { Sample, SampleRing } from "./samples.ts";
import type { RouteTarget } from "./state.ts";

const IDLE_MS = 10_000;
const MAX_IDLE = 128;

/** A target as the running router knows it: what the state says, its connections and its figures. */
export interface LiveTarget extends Choosable {
  id: string;
  host: string;
  port: number;
  release: string;
  streams: number;
  requests: number;
  errors: number;
  aborted: number;
  connectFailures: number;
  /** Of the route: one for all its targets, so that the order is kept. */
  samples: SampleRing;
  pool: TargetPool;
  /** Ends each exchange in progress, both sides. */
  running: Set<() => void>;
}

/** Kept connections to one target. Once closed for reuse, idle ones end at once and busy ones after their exchange. */
class TargetPool extends Agent {
  #reuse = true;

  constructor() {
    super({ keepAlive: true, scheduling: "lifo", maxFreeSockets: MAX_IDLE, timeout: IDLE_MS });
  }
  setReuse(reuse: boolean): void {
    this.#reuse = reuse;
    if (reuse) return;
    for (const sockets of Object.values(this.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }
  override keepSocketAlive(socket: Duplex): boolean {
    if (!this.#reuse) return false;
    const kept: unknown = super.keepSocketAlive(socket);
    return kept !== false;
  }
}

/**
 * Every request gets a new connection, see `forward.ts`. They are not announced as `Connection: close`: an application told so
 * may end the connection right behind an early answer (413, 401) and lose it with the part of the body it has not read.
 */
class FreshConnections extends Agent {
  override keepSocketAlive(): boolean {
    return false;
  }
}
export const freshConnections: Agent = new FreshConnections({ keepAlive: true });

export function createTarget(wanted: RouteTarget, samples: SampleRing): LiveTarget {
  const target: LiveTarget = {
    ...wanted,
    inflight: 0,
    avoidUntil: 0,
    credit: 0,
    streams: 0,
    requests: 0,
    errors: 0,
    aborted: 0,
    connectFailures: 0,
    samples,
    pool: new TargetPool(),
    running: new Set(),
  };
  updateTarget(target, wanted);
  return target;
}

/** Takes over role, weight, release and drain; the figures stay. */
export function updateTarget(target: LiveTarget, { role, weight, release, drain }: RouteTarget): void {
  Object.assign(target, { role, weight, release, drain });
  target.pool.setReuse(!drain);
}

/** It left the route; what runs on it may finish. */
export function retireTarget(target: LiveTarget): void {
  target.drain = true;
  target.pool.setReuse(false);
}

/** One attempt to have a request answered by a target, counted from the choice on. */
export interface Lease {
  target: LiveTarget;
  /** The head of the answer is here. */
  answered(status: number): void;
  /** It became a stream: an upgraded connection or server-sent events. */
  streaming(): void;
  /** The connection could not be made. */
  refused(): void;
  /** Sent, but no whole answer came. */
  failed(): void;
  /** The answer broke off after its head. */
  broken(): void;
  /** The client went away before the answer. */
  abandoned(): void;
  /** Nothing of it is left at the target. May be called twice. */
  end(): void;
}

const AVOID_MS = 1_000;
const BAD_GATEWAY = 502;

/**
 * Counts the exchange in. To be called in the same turn as the choice, so that no swap lies between. `probe`: asked by
 * Stationmaster itself, so not one of the samples that releases are compared by.
 */
export function beginExchange(target: LiveTarget, abort: () => void, probe = false): Lease {
  const started = performance.now();
  const sample: Sample = { unit: target.id, status: 0, ms: 0 };
  let sampled = probe;
  let streaming = false;
  let ended = false;
  const record = () => {
    if (sampled || sample.status === 0) return;
    sampled = true;
    sample.ms = performance.now() - started;
    target.samples.add(sample);
  };
  target.inflight += 1;
  target.running.add(abort);
  return {
    target,
    answered(status) {
      sample.status = status;
      target.requests += 1;
      if (status >= 500) target.errors += 1;
      target.avoidUntil = 0;
    },
    streaming() {
      if (streaming || ended) return;
      streaming = true;
      target.streams += 1;
      // How long a stream lasts says nothing about the release.
      record();
    },
    refused() {
      target.connectFailures += 1;
      target.avoidUntil = Date.now() + AVOID_MS;
    },
    failed() {
      target.requests += 1;
      target.errors += 1;
      sample.status = BAD_GATEWAY;
      record();
    },
    broken() {
      target.errors += 1;
      // Node may tell of the end of the exchange before it tells that the answer is not whole: the sample is out then.
      sample.status = BAD_GATEWAY;
      record();
    },
    abandoned() {
      target.requests += 1;
      target.aborted += 1;
    },
    end() {
      if (ended) return;
      ended = true;
      target.inflight -= 1;
      record();
      if (streaming) target.streams -= 1;
      target.running.delete(abort);
    },
  };
}
