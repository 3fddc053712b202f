import { z } from "zod";
import { Duration, Name } from "./fields.ts";

const Percent = z.number().gt(0).max(100);

/** What checks of databases, jobs and processes may have in the manifest. */
export const otherChecks = {
  postgres: z
    .string()
    .min(1)
    .optional()
    .describe("address of a PostgreSQL database: `${store:NAME}` or `${secret:NAME}`"),
  query: z
    .string()
    .min(1)
    .optional()
    .describe("what a `postgres` check asks, in a read-only transaction; `select 1` when absent"),
  max_connections: Percent.optional().describe(
    "percent of the connections of a `postgres` server; from there on it is DEGRADED; 80 when absent",
  ),
  max_lag: Duration.optional().describe("how far behind a copy of a `postgres` server may be"),
  redis: z.string().min(1).optional().describe("address of a Redis server: `${store:NAME}` or `${secret:NAME}`"),
  role: z.enum(["primary", "replica"]).optional().describe("what a `redis` server must be"),
  max_memory: Percent.optional().describe(
    "percent of the memory a `redis` server may use (`maxmemory`, or all of its machine); from there on it is DEGRADED",
  ),
  heartbeat: z
    .strictObject({
      period: Duration.refine((ms) => ms >= 1_000, "must be at least 1s")
        .meta({ duration: true })
        .describe("time between two calls of the job"),
      grace: Duration.describe("how much later a call may come"),
    })
    .optional()
    .describe("a job calls us; `stationmaster checks NAME` shows where"),
  process: z
    .union([
      Name,
      z.strictObject({
        unit: z
          .string()
          .regex(/^(?!-)[\w@:.\\-]+$/, "the name of a systemd unit")
          .describe("a systemd unit"),
      }),
      z.strictObject({
        container: z
          .string()
          .regex(/^[A-Za-z0-9][\w.-]*$/, "the name of a container")
          .describe("a container by its name, whoever made it"),
        host: z
          .string()
          .min(1)
          .optional()
          .describe("host of the environment it is on; the machine of the daemon when absent"),
      }),
      z.strictObject({ pid_file: z.string().startsWith("/").describe("absolute path of a file with a process id") }),
    ])
    .optional()
    .describe(
      "every replica of this service is alive; or `container`; or `unit` or `pid_file` on the machine of the daemon",
    ),
  max_restarts: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe("restarts within 10 minutes from which a `process` is a crash loop; 3 when absent"),
  wrong_password: z
    .boolean()
    .optional()
    .describe(
      "once an hour a wrong password must be refused by the first of the `steps` that sends a `password`; false switches that off",
    ),
};
