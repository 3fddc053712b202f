import type { RolloutKind, UnderWay } from "../contract/rollout.ts";
import { UNSEEN_STATES } from "../contract/rollout.ts";
import { PolicyError } from "../core/errors.ts";
import { readJournal, unfinishedRollouts } from "../store/rollouts.ts";
import type { RolloutRow } from "../store/tables/rollout.ts";
import type { DeployDependencies } from "./run.ts";

type Site = Pick<DeployDependencies, "store" | "app">;

/** Who works on an environment that cannot be had now. */
export async function busy({ store, app }: Site, env: string): Promise<PolicyError> {
  const [running] = await unfinishedRollouts(store.db, { app, env });
  const what = running ? `the rollout ${running.id} (${running.release}, ${running.state})` : "another controller";
  return new PolicyError({
    code: "SM-DEPLOY-BUSY",
    message: `${what} works on ${env}`,
    next: running ? `wait for it, or stationmaster abort ${running.id}` : "try again in a minute",
  });
}

/** What meets a running rollout. */
interface Newcomer {
  kind: RolloutKind;
  /** Left out: not known yet. */
  release?: string;
}

/**
 * What becomes of a rollout that meets a running one. A newer release ends one that no user has seen, and waits for the end of any
 * other, as does the same release. A way back is never ended for a deployment; who goes back, or takes an old schema away, does not
 * wait.
 */
export function meetingOf(
  { kind, release }: Newcomer,
  running: Pick<RolloutRow, "kind" | "state" | "release">,
): UnderWay["meeting"] {
  if (kind === "rollback" || kind === "contract" || running.kind === "contract") return "refuse";
  const unseen = UNSEEN_STATES.some((state) => state === running.state);
  return unseen && running.kind !== "rollback" && running.release !== release ? "supersede" : "wait";
}

/** The rollout that another one would meet now; undefined when the environment is free of them. */
export async function underWay({ store, app }: Site, env: string, newcomer: Newcomer): Promise<UnderWay | undefined> {
  const [running] = await unfinishedRollouts(store.db, { app, env });
  if (!running) return undefined;
  const { id, release, state } = running;
  return {
    rollout: id,
    release,
    state,
    until: await endOfBake({ store }, running),
    meeting: meetingOf(newcomer, running),
  };
}

async function endOfBake({ store }: Pick<Site, "store">, { id, state }: RolloutRow): Promise<string | null> {
  if (state !== "BAKING") return null;
  const until = (await readJournal(store.db, id)).find(({ key }) => key === "bake")?.payload.until;
  return typeof until === "number" ? new Date(until).toISOString() : null;
}
