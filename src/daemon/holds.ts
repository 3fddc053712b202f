import type { Freeze, Lock } from "../contract/hold.ts";
import { PolicyError, UserError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { insertFreeze, liftFreeze, standingFreezes } from "../store/freezes.ts";
import { lockedBy, lockLease, type ManualLock, readLock, unlockLease } from "../store/leases.ts";
import { unfinishedRollouts } from "../store/rollouts.ts";
import type { FreezeRow } from "../store/tables/hosts.ts";
import type { Engine } from "./engine.ts";
import { requireEnvironment } from "./rollouts.ts";
import type { UseCases } from "./usecases.ts";

type Holds = Pick<UseCases, "lock" | "unlock" | "freeze" | "freezes" | "unfreeze">;

/** What people do to keep an environment as it is. All of it is in the audit. */
export function holdUseCases(engine: Engine): Holds {
  const { store, environment } = engine;
  const key = () => ({ app: engine.manifest.project, env: environment });
  const mine = (asked: string | undefined) => requireEnvironment(engine, engine.project, asked);
  const told = async (actor: string, action: string, subject: string, detail: Record<string, unknown>) => {
    await engine.audit({ actor, action, subject, detail: { environment, ...detail } });
    engine.bus.emit({ type: "status" });
  };

  return {
    lock: async ({ environment: asked, reason }, actor) => {
      mine(asked);
      const left = await unfinishedRollouts(store.db, key());
      const taken = left.length === 0 ? await lockLease(store.db, key(), { holder: actor, reason }) : undefined;
      if (!taken) throw await whyNot(engine);
      await told(actor, "environment.locked", environment, { reason });
      return toLock(environment, taken);
    },
    unlock: async ({ environment: asked }, actor) => {
      mine(asked);
      const was = await unlockLease(store.db, key());
      if (!was)
        throw new UserError({
          code: "SM-UNLOCKED",
          message: `${environment} is not locked`,
          next: "see stationmaster status",
        });
      await told(actor, "environment.unlocked", environment, { holder: was.holder, reason: was.reason });
      return toLock(environment, was);
    },
    freeze: async ({ environment: asked, until, reason }, actor) => {
      mine(asked);
      const beginsAt = new Date(engine.clock.now());
      const endsAt = until === undefined ? null : new Date(until);
      if (endsAt && endsAt <= beginsAt)
        throw new UserError({
          code: "SM-FREEZE-PAST",
          message: `${endsAt.toISOString()} is over`,
          next: "name a time to come, or a duration such as 3d",
        });
      const row = await insertFreeze(store.db, { id: newId("fr"), ...key(), beginsAt, endsAt, reason, who: actor });
      await told(actor, "environment.frozen", row.id, { reason, until: endsAt?.toISOString() ?? null });
      return toFreeze(row);
    },
    freezes: async () => await orderedFreezes(engine),
    unfreeze: async (id, actor) => {
      const lifted = await liftFreeze(store.db, { app: key().app, id, at: new Date(engine.clock.now()) });
      if (!lifted)
        throw new UserError({
          code: "SM-FREEZE-UNKNOWN",
          message: `there is no freeze ${id}`,
          next: "see stationmaster freeze --list",
        });
      await told(actor, "environment.unfrozen", id, { reason: lifted.reason, who: lifted.who });
      return toFreeze(lifted);
    },
  };
}

/** The freezes of the environment that people ordered and that are not over. */
export async function orderedFreezes({ store, manifest, environment, clock }: Engine): Promise<Freeze[]> {
  const place = { app: manifest.project, env: environment, at: new Date(clock.now()) };
  return (await standingFreezes(store.db, place)).map(toFreeze);
}

/** Undefined when nobody locked the environment. */
export async function manualLock({ store, manifest, environment }: Engine): Promise<Lock | undefined> {
  const found = await readLock(store.db, { app: manifest.project, env: environment });
  return found && toLock(environment, found);
}

async function whyNot({ store, manifest, environment }: Engine): Promise<PolicyError> {
  const place = { app: manifest.project, env: environment };
  const lock = await readLock(store.db, place);
  if (lock) return lockedBy(environment, lock);
  const [running] = await unfinishedRollouts(store.db, place);
  return new PolicyError({
    code: "SM-DEPLOY-BUSY",
    message: `${running ? `the rollout ${running.id} (${running.release}, ${running.state})` : "somebody"} works on ${environment}`,
    next: running ? `wait for it, or stationmaster abort ${running.id}` : "try again in a minute",
  });
}

function toLock(environment: string, { holder, reason, since }: ManualLock): Lock {
  return { environment, holder, reason, since: since.toISOString() };
}

function toFreeze({ id, env, beginsAt, endsAt, reason, who }: FreezeRow): Freeze {
  return {
    ...{ id, environment: env, reason, who },
    from: beginsAt.toISOString(),
    until: endsAt?.toISOString() ?? null,
  };
}
