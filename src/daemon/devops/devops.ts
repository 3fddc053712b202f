import type { DevOpsAnswer, DevOpsCleanup } from "../../contract/devops.ts";
import { toKnownError, UserError } from "../../core/errors.ts";
import { Secret } from "../../core/redact.ts";
import type { Engine } from "../engine.ts";
import type { UseCases } from "../usecases.ts";
import { createDevOpsClient, type DevOpsCall } from "./client.ts";

/** The DevOps API of the application in this environment. Throws UserError `SM-DEVOPS-NONE` where the manifest names none. */
export interface DevOps {
  ask(what: "health" | "stats", signal?: AbortSignal): Promise<DevOpsAnswer>;
  /** Removes what is left over; in the audit before and after. */
  clear(what: DevOpsCleanup, actor: string, signal?: AbortSignal): Promise<DevOpsAnswer>;
}

export function createDevOps(engine: Engine): DevOps {
  const { redact, environment } = engine;
  const call = createDevOpsClient(redact);

  async function send(what: DevOpsCall, signal?: AbortSignal): Promise<DevOpsAnswer> {
    const { devops } = engine.manifest;
    if (!devops)
      throw new UserError({
        code: "SM-DEVOPS-NONE",
        message: "the manifest has no DevOps API",
        next: 'add devops: { url: "${service:NAME}", secret: "${secret:DEVOPS_SECRET}" }',
      });
    const url = await engine.resolve(devops.url, "devops.url");
    const secret = new Secret("devops.secret", await engine.resolve(devops.secret, "devops.secret"));
    redact.learn(secret.unwrap());
    return await call({ url, secret }, what, signal);
  }

  return {
    ask: send,
    clear: async (what, actor, signal) => {
      const entry = { actor, action: `devops.clear-${what}`, subject: environment };
      await engine.audit({ ...entry, detail: { phase: "intent" } });
      try {
        const answer = await send(what, signal);
        await engine.audit({ ...entry, detail: { phase: "outcome", ...answer } });
        return answer;
      } catch (error) {
        await engine.audit({ ...entry, detail: { phase: "outcome", error: toKnownError(error).message } });
        throw error;
      }
    },
  };
}

/** What people may ask of it. */
export function devopsUseCases(engine: Engine): Pick<UseCases, "devops" | "clearDevops"> {
  const { ask, clear } = createDevOps(engine);
  return { devops: (what) => ask(what), clearDevops: (what, actor) => clear(what, actor) };
}
