import type { RemediesConfig } from "../config/schema.ts";
import { ExternalError } from "../core/errors.ts";
import { RELIEF_REQUESTS, type Relief } from "../incidents/remedy-classes.ts";
import { createDevOps } from "./devops/devops.ts";
import type { Engine } from "./engine.ts";

type Request = NonNullable<RemediesConfig["clear_sessions"]>;

/** Asks a service to clear its sessions, to reconnect or to drop its cache. Throws ExternalError `SM-REMEDY-…`. */
export function createRelief(
  engine: Engine,
): (relief: Relief, service: string, signal: AbortSignal) => Promise<{ detail: string }> {
  const devops = createDevOps(engine);
  return async (relief, service, signal) => {
    const key = RELIEF_REQUESTS[relief];
    const request = engine.manifest.remedies[service]?.[key];
    if (request) return await ask(engine, { request, service, where: `remedies.${service}.${key}`, signal });
    if (relief === "clear-sessions" && engine.manifest.devops) {
      const { status } = await devops.clear("stale-sessions", "healing", signal);
      return { detail: `stale sessions were cleared through the DevOps API → ${status}` };
    }
    const other = relief === "clear-sessions" ? " or devops" : "";
    throw new ExternalError({
      code: "SM-REMEDY-MISSING",
      message: `${service} has no ${key} request`,
      next: `add remedies.${service}.${key}${other} to the manifest`,
    });
  };
}

async function ask(
  engine: Engine,
  { request, service, where, signal }: { request: Request; service: string; where: string; signal: AbortSignal },
): Promise<{ detail: string }> {
  const { method, path } = request;
  const url = `${await engine.serviceUrl(service)}${path}`;
  const headers = Object.fromEntries(
    await Promise.all(
      Object.entries(request.headers).map(async ([name, value]) => [
        name,
        await engine.resolve(value, `${where}.headers.${name}`),
      ]),
    ),
  );
  const response = await fetch(url, { method, headers, signal, redirect: "error" });
  await response.body?.cancel();
  if (response.ok) return { detail: `${method} ${path} → ${response.status}` };
  throw new ExternalError({
    code: "SM-REMEDY-FAILED",
    message: `${method} ${path} answered ${response.status}`,
    status: response.status,
  });
}
