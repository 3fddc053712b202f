import pg from "pg";
import { z } from "zod";
import { systemCode } from "../../core/errors.ts";
import { classifyError, classifyTimeout, type Stage } from "./classify.ts";
import type { Failure, Probe } from "./probe.ts";

const Options = z.object({ postgres: z.string() });

/** Whether the database takes a connection and answers a query. */
export const postgresProbe: Probe<z.infer<typeof Options>> = {
  id: "postgres",
  Options,
  sideEffects: false,
  run: async ({ postgres: connectionString }, { signal, timeoutMs }) => {
    const limits = { connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs, statement_timeout: timeoutMs };
    const client = new pg.Client({ connectionString, application_name: "stationmaster", ...limits });
    // What happens to the connection after the answer is nobody's business.
    client.on("error", () => {});
    let stage: Stage = "connect";
    const late = Promise.withResolvers<Failure>();
    const onDeadline = () => late.resolve(classifyTimeout(stage, timeoutMs));
    const ask = async (): Promise<Failure | null> => {
      await client.connect();
      stage = "processing";
      await client.query("select 1");
      return null;
    };
    signal.addEventListener("abort", onDeadline, { once: true });
    if (signal.aborted) onDeadline();
    try {
      return { failure: await Promise.race([ask(), late.promise]), phases: null, body: null };
    } catch (error) {
      return { failure: signal.aborted ? await late.promise : classify(error, stage), phases: null, body: null };
    } finally {
      signal.removeEventListener("abort", onDeadline);
      void client.end().catch(() => {});
    }
  },
};

/** Classes of SQLSTATE in which the server as such does not serve: it starts, stops, or has no connection left. */
const NOT_SERVING = /^(?:57P0|08)/;
const FULL = /^53/;

function classify(error: unknown, stage: Stage): Failure {
  const code = systemCode(error) ?? "";
  const detail = error instanceof Error ? error.message : String(error);
  // A server on a socket file that is not there.
  if (code === "ENOENT" || NOT_SERVING.test(code))
    return { outcome: "fail", class: "refused", family: "availability", detail };
  if (FULL.test(code)) return { outcome: "fail", class: "full", family: "capacity", detail };
  if (/^[0-9A-Z]{5}$/.test(code)) return { outcome: "fail", class: "query", family: "data", detail };
  return classifyError(error, stage);
}
