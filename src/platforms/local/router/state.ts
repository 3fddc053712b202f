import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { ClientKey } from "../../../contract/rollout.ts";
import { ExternalError, systemCode, UserError } from "../../../core/errors.ts";

const Port = z.int().min(0).max(65_535);
const EpochMs = z.int().min(0);

export const RouteTarget = z.object({
  id: z.string().min(1).max(200),
  host: z.string().min(1).max(255),
  port: Port.min(1),
  role: z.enum(["stable", "candidate"]),
  /** 0 = no new requests; otherwise the part of its side that it gets. */
  weight: z.int().min(0).max(256).default(100),
  /** Sent to clients in `x-stationmaster-release`. */
  release: z
    .string()
    .max(200)
    .regex(/^[\x20-\x7e]*$/, "printable ASCII only"),
  drain: z.boolean().default(false),
});
export type RouteTarget = z.infer<typeof RouteTarget>;

export const Route = z.object({
  /** Port 0 = choose a free one; the chosen one is kept. */
  listen: z.object({ host: z.string().min(1).max(255).default("127.0.0.1"), port: Port }),
  /** Spreads the risk: each rollout puts other clients in the first buckets. */
  salt: z.string().max(200),
  /** Percent of requests for candidates. */
  share: z.number().min(0).max(100),
  /** Epoch ms at which the share ends by itself and all return to stable; null = no end. */
  until: EpochMs.nullable(),
  /** Requests wait, at most until this time, instead of being sent. */
  hold: z.object({ until: EpochMs }).nullable(),
  /** What a bucket is computed from. With `random` shares are visible from one machine. */
  key: ClientKey.default("random"),
  targets: z
    .array(RouteTarget)
    .max(1_000)
    .refine((targets) => new Set(targets.map((target) => target.id)).size === targets.length, "target ids must differ"),
});
export type Route = z.infer<typeof Route>;
/** What a caller may write: fields with a default may be missing. */
export type RouteInput = z.input<typeof Route>;

export const RouteName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$/);

export const RouterState = z.object({ version: z.literal(1), routes: z.record(RouteName, Route) });
export type RouterState = z.infer<typeof RouterState>;

/** Reads the state file; none means no routes. A file that cannot be understood is a `UserError` (`SM-ROUTER-STATE`). */
export async function loadState(file: string): Promise<RouterState> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return { version: 1, routes: {} };
    throw stateError(file, `cannot be read (${systemCode(cause) ?? String(cause)})`, cause);
  }
  try {
    return RouterState.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? describeIssue(cause) : "not JSON";
    throw stateError(file, `is not a valid router state (${reason})`, cause);
  }
}

/** The first thing wrong with a value, with its place: `routes.web.share: too big`. */
export function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join(".") || "value"}: ${issue.message}` : "unknown reason";
}

function stateError(file: string, problem: string, cause: unknown): UserError {
  return new UserError({
    code: "SM-ROUTER-STATE",
    message: `the router state ${file} ${problem}`,
    next: "move the file aside and start the router again; its routes are then to be set anew",
    cause,
  });
}

/** Replaces the state file so that a crash at any moment leaves the old or the new one, whole and on disk. */
export async function saveState(file: string, state: RouterState): Promise<void> {
  const draft = `${file}.tmp`;
  try {
    const handle = await open(draft, "w", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(state, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    await syncFolder(dirname(file));
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new ExternalError({
      code: "SM-ROUTER-SAVE",
      message: `the router state ${file} cannot be written (${systemCode(cause) ?? String(cause)})`,
      next: "free disk space or check the permissions of its folder, then try again",
      cause,
      retryable: true,
    });
  }
}

/** Without this the rename itself may be lost with the power. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
