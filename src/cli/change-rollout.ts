import { FINAL_STATES } from "../contract/rollout.ts";
import { UserError } from "../core/errors.ts";
import { print, printJson } from "./output.ts";
import { actor, type GlobalOptions, withSession } from "./session.ts";

/** Promotes or aborts the named rollout, or the one that runs. */
export async function changeRollout(
  options: GlobalOptions,
  id: string | undefined,
  change: "promote" | "abort",
): Promise<void> {
  await withSession(options, async ({ usecases }) => {
    const running = (await usecases.rollouts(20)).find(({ state }) => !FINAL_STATES.includes(state));
    const chosen = id ?? running?.id;
    if (!chosen)
      throw new UserError({
        code: "SM-ROLLOUT-NONE",
        message: "no rollout is running",
        next: "see stationmaster status",
      });
    const rollout = await usecases[change](chosen, actor());
    if (options.json) printJson(rollout);
    else print(`${change} requested for ${rollout.id} (${rollout.release}, ${rollout.state})`);
  });
}
