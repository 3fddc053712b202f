import { z } from "zod";
import { currentRelease } from "../deploy/request.ts";
import { lastOutcome } from "../store/rollouts.ts";
import type { Engine } from "./engine.ts";

const Parts = z.record(z.string(), z.array(z.string()));

/** What the last rollout started besides services, and the services that need each part; nothing while no release stands there. */
export async function infrastructureParts({
  store,
  manifest,
  environment,
  platform,
}: Pick<Engine, "store" | "manifest" | "environment" | "platform">): Promise<Record<string, string[]>> {
  if (!platform.infrastructure || !(await currentRelease({ store, manifest, environment }))) return {};
  const where = { app: manifest.project, env: environment, key: "prepare", field: "infrastructure" };
  return Parts.safeParse(await lastOutcome(store.db, where)).data ?? {};
}
