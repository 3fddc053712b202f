import type { ZodType } from "zod";
import { type Clock, systemClock } from "../core/clock.ts";
import { isAway } from "../core/errors.ts";
import { createRate } from "../core/rate.ts";
import type { Secret } from "../core/redact.ts";
import { away, limited, moved, reasonOf, refused, unreadable } from "./failure.ts";
import { isLimited, limitAfter, noLimit } from "./limits.ts";

const DEADLINE_MS = 10_000;
const TRIES = 3;
const TRY_AGAIN_MS = 500;
const KEPT_ANSWERS = 500;
const MOST_PAGES = 10;
/** GitHub takes 80 writes a minute that make content. */
const WRITES = { burst: 30, everyMs: 1_000 };

type Parameters = Record<string, unknown>;

/** GitHub's REST API for one token. Each call throws ExternalError `SM-GITHUB-…`, never with the token in it. */
export interface GitHub {
  /** Asked up to three times; free of charge while nothing has changed. */
  get<T>(route: string, parameters: Parameters, schema: ZodType<T>): Promise<T>;
  /** Every page, 1,000 entries at most. */
  list<T>(route: string, parameters: Parameters, schema: ZodType<T>): Promise<T[]>;
  /** Sent once: after an `SM-GITHUB-AWAY` nobody knows whether it arrived. */
  write<T>(route: string, parameters: Parameters, schema: ZodType<T>): Promise<T>;
}

export interface GitHubOptions {
  /** Address of the API, such as `https://api.github.com`. */
  api: string;
  token: Secret;
  /** Aborts when nothing more is to be asked. */
  signal: AbortSignal;
  clock?: Clock;
  deadlineMs?: number;
}

interface Answer {
  status: number;
  url: string;
  headers: Record<string, string | number | undefined>;
  data: unknown;
}

/** Loads what talks to GitHub, which takes 100 ms that other commands do not need. */
export async function createGitHub(options: GitHubOptions): Promise<GitHub> {
  const { api, token, signal, clock = systemClock, deadlineMs = DEADLINE_MS } = options;
  const [{ Octokit }, { paginateRest }] = await Promise.all([
    import("@octokit/core"),
    import("@octokit/plugin-paginate-rest"),
  ]);
  const octokit = new (Octokit.plugin(paginateRest))({
    baseUrl: api.replace(/\/+$/, ""),
    userAgent: "stationmaster",
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  });
  const known = new Map<string, Answer>();
  const mayWrite = createRate({ ...WRITES, now: clock.monotonic });
  let limit = noLimit;

  function remember(url: string, answer: Answer): void {
    known.delete(url);
    known.set(url, answer);
    const [oldest] = known.keys();
    if (known.size > KEPT_ANSWERS && oldest !== undefined) known.delete(oldest);
  }

  octokit.hook.wrap("request", async (send, given) => {
    const { url, method } = octokit.request.endpoint.parse(given);
    const what = `${method} ${URL.parse(url)?.pathname ?? url}`;
    const reads = method === "GET";

    async function once(): Promise<Answer> {
      const now = clock.now();
      if (now < limit.until) throw limited(limit.until);
      if (!reads && !mayWrite()) throw limited(now + WRITES.everyMs);
      const before = reads ? known.get(url) : undefined;
      const deadline = AbortSignal.timeout(deadlineMs);
      const request = { ...given.request, redirect: "manual" as const, signal: AbortSignal.any([signal, deadline]) };
      const authorization = `Bearer ${token.unwrap()}`;
      const headers = {
        ...given.headers,
        authorization,
        ...(before && { "if-none-match": String(before.headers.etag) }),
      };
      const answer = await (send({ ...given, headers, request }) as Promise<Answer>).catch(answerOf);
      signal.throwIfAborted();
      if (deadline.aborted) throw away(what, `did not answer within ${deadlineMs / 1_000} s`);
      if (!("status" in answer)) throw away(what, reasonOf(answer.error));
      if (answer.status === 304 && before) return before;
      const message = messageOf(answer.data);
      limit = limitAfter(limit, { ...answer, message }, clock.now());
      if (isLimited({ ...answer, message })) throw limited(limit.until);
      if (answer.status >= 400) throw refused(what, answer.status, message);
      if (answer.status >= 300) throw moved(what, answer.status);
      if (reads && answer.headers.etag) remember(url, answer);
      return answer;
    }

    for (let left = reads ? TRIES - 1 : 0; ; left--) {
      try {
        return (await once()) as never;
      } catch (error) {
        if (left === 0 || !isAway(error) || clock.now() < limit.until) throw error;
        await clock.sleep(TRY_AGAIN_MS * (1 + Math.random()), signal);
      }
    }
  });

  async function ask<T>(route: string, parameters: Parameters, schema: ZodType<T>): Promise<T> {
    return parsed(route, schema, (await octokit.request(route, parameters)).data);
  }

  return {
    get: ask,
    write: ask,
    list: async (route, parameters, schema) => {
      const items: unknown[] = [];
      let pages = 0;
      for await (const page of octokit.paginate.iterator(route, { per_page: 100, ...parameters })) {
        items.push(...(page.data as unknown[]));
        pages += 1;
        if (pages === MOST_PAGES) break;
      }
      return items.map((item) => parsed(route, schema, item));
    },
  };
}

function parsed<T>(route: string, schema: ZodType<T>, data: unknown): T {
  const result = schema.safeParse(data);
  if (!result.success) throw unreadable(route);
  return result.data;
}

/** A refusal is an answer too; what is none has no status. */
function answerOf(error: unknown): Answer | { error: unknown } {
  const response = error instanceof Error && "response" in error ? (error.response as Answer | undefined) : undefined;
  return response ?? { error };
}

function messageOf(data: unknown): string {
  return data && typeof data === "object" && "message" in data ? String(data.message) : "no reason given";
}
