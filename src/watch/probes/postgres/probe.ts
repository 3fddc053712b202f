import pg from "pg";
import { z } from "zod";
import type { ValueRule } from "../../../config/expect.ts";
import { systemCode } from "../../../core/errors.ts";
import { assertionFailure, classifyError, classifyTimeout, type Stage } from "../classify.ts";
import { untilDeadline } from "../deadline.ts";
import { valueProblems } from "../expect.ts";
import { NamedSocket, TooMuchSent } from "../names/socket.ts";
import type { Failure, Probe, ProbeAnswer } from "../probe.ts";
import { judgeConnections, judgeLag, readConnections, readLag } from "./figures.ts";

const Options = z.object({
  postgres: z.string(),
  query: z.string().default("select 1"),
  expect: z.custom<ValueRule>().optional(),
  max_connections: z.number().optional(),
  max_lag: z.number().optional(),
});
type Options = z.infer<typeof Options>;

/** Whether the database takes a connection and answers a query that cannot change anything; its connections and its lag where a limit is set. */
export const postgresProbe: Probe<Options> = {
  id: "postgres",
  Options,
  sideEffects: false,
  run: async (options, { signal, timeoutMs, lookup }) => {
    const client = new pg.Client({
      connectionString: options.postgres,
      application_name: "stationmaster",
      connectionTimeoutMillis: timeoutMs,
      stream: () => new NamedSocket(lookup),
    });
    // What happens to the connection after the answer is nobody's business.
    client.on("error", () => {});
    let stage: Stage = "connect";
    const ask = async () => {
      await client.connect();
      stage = "processing";
      return await examine(client, options, timeoutMs);
    };
    try {
      return await untilDeadline(signal, ask, () => failedWith(classifyTimeout(stage, timeoutMs)));
    } catch (error) {
      return failedWith(classify(error, stage));
    } finally {
      void client.end().catch(() => {});
    }
  },
};

/** All limits are looked at; the first that is passed gives the class. */
async function examine(client: pg.Client, options: Options, timeoutMs: number): Promise<ProbeAnswer> {
  await client.query("begin transaction read only");
  await client.query(`set local statement_timeout = ${Math.ceil(timeoutMs)}`);
  const first = await firstColumn(client, options.query);
  const { expect: rule, max_connections: share, max_lag: lagMs } = options;
  const failures: Failure[] =
    rule === undefined ? [] : valueProblems("the first column", rule, first).map(assertionFailure);
  const facts: Record<string, number> = {};
  if (share !== undefined) {
    const used = await readConnections(client);
    facts.connections = used.open;
    facts.connectionsMost = used.most;
    failures.push(...judgeConnections(used, share));
  }
  if (lagMs !== undefined) {
    const lag = await readLag(client);
    if (lag.ms !== null) facts.lagSeconds = lag.ms / 1_000;
    failures.push(...judgeLag(lag, lagMs));
  }
  const [failure] = failures;
  return {
    failure: failure ? { ...failure, detail: failures.map(({ detail }) => detail).join("; ") } : null,
    phases: null,
    body: null,
    facts,
  };
}

/** More rows say no more of the first column, and fill our memory. */
const MOST_ROWS = 10_000;

class TooManyRows extends Error {}

/** By the extended protocol, which takes one statement only: a second one could end the read-only transaction. */
async function firstColumn(client: pg.Client, text: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const query = new pg.Query<unknown[]>({ text, rowMode: "array", queryMode: "extended" } as pg.QueryArrayConfig);
  let first: unknown;
  let rows = 0;
  // With a listener for rows none of them is kept.
  query.on("row", ([value]) => {
    rows++;
    if (rows === 1) first = value;
    if (rows > MOST_ROWS) reject(new TooManyRows(`the query answers more than ${MOST_ROWS} rows`));
  });
  query.on("end", () => resolve(first)).on("error", reject);
  client.query(query);
  return await promise;
}

function failedWith(failure: Failure): ProbeAnswer {
  return { failure, phases: null, body: null };
}

/** Classes of SQLSTATE in which the server as such does not serve: it starts, stops, or has no connection left. */
const NOT_SERVING = /^(?:57P0|08)/;
const FULL = /^53/;

function classify(error: unknown, stage: Stage): Failure {
  const code = systemCode(error) ?? "";
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof TooManyRows || error instanceof TooMuchSent)
    return { outcome: "fail", class: "query", family: "data", detail };
  // A server on a socket file that is not there.
  if (code === "ENOENT" || NOT_SERVING.test(code))
    return { outcome: "fail", class: "refused", family: "availability", detail };
  if (FULL.test(code)) return { outcome: "fail", class: "full", family: "capacity", detail };
  if (/^[0-9A-Z]{5}$/.test(code)) return { outcome: "fail", class: "query", family: "data", detail };
  return classifyError(error, stage);
}
