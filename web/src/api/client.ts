import type { ZodType, z } from "zod";
import { ApiError } from "../../../src/contract/status.ts";
import { actorName } from "./actor.ts";
import { ApiFailure } from "./failure.ts";
import { authorization, tokenWanted } from "./session.ts";

const DEADLINE_MS = 20_000;
/**
 * Asks the API and checks the answer; throws ApiFailure for an error answer and for one that breaks the contract. `deadlineMs` for what
 * takes longer than 20 seconds.
 */
export async function get<S extends ZodType>(
  path: string,
  schema: S,
  signal?: AbortSignal,
  deadlineMs = DEADLINE_MS,
): Promise<z.output<S>> {
  return call(path, schema, { signal }, deadlineMs);
}

/** Changes something; same errors as `get`. Never repeated by itself. `deadlineMs` for what takes longer than 20 seconds. */
export async function post<S extends ZodType>(
  path: string,
  schema: S,
  body: unknown = {},
  deadlineMs = DEADLINE_MS,
): Promise<z.output<S>> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json", "x-stationmaster-actor": actorName() },
    body: JSON.stringify(body),
  };
  return call(path, schema, init, deadlineMs);
}

/** Takes something away; same errors as `get`. Never repeated by itself. */
export async function remove<S extends ZodType>(path: string, schema: S): Promise<z.output<S>> {
  return call(path, schema, { method: "DELETE", headers: { "x-stationmaster-actor": actorName() } });
}

async function call<S extends ZodType>(
  path: string,
  schema: S,
  init: RequestInit,
  deadlineMs = DEADLINE_MS,
): Promise<z.output<S>> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const response = await fetch(path, {
    ...init,
    headers: { accept: "application/json", ...init.headers, ...authorization() },
    signal: init.signal ? AbortSignal.any([init.signal, deadline]) : deadline,
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ApiFailure({
    code: "SM-WEB-ANSWER",
    message: `The answer of ${path} is not as agreed: ${issue?.path.join(".")} ${issue?.message}`,
    next: "reload the page; if it stays, dashboard and daemon are of different versions",
    status: response.status,
  });
}

/** The failure an error answer describes; a 401 also asks for a token. */
export function refusal(response: Response, body: unknown): ApiFailure {
  if (response.status === 401) tokenWanted.set(true);
  const known = ApiError.safeParse(body);
  if (known.success) return new ApiFailure({ ...known.data.error, status: response.status });
  return new ApiFailure({
    code: `HTTP-${response.status}`,
    message: `Stationmaster answered ${response.status} ${response.statusText}`.trim(),
    next: null,
    status: response.status,
  });
}
