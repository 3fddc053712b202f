import { changeRollout } from "../change-rollout.ts";
import type { GlobalOptions } from "../session.ts";

export async function run(options: GlobalOptions, id?: string): Promise<void> {
  await changeRollout(options, id, "promote");
}
