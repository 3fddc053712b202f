import type { Check } from "../contract/check.ts";
import { toCheckResult } from "../watch/describe.ts";
import { findCheck } from "../watch/find.ts";
import { selectChecks } from "../watch/select.ts";
import type { Watch } from "../watch/watch.ts";
import type { Engine } from "./engine.ts";
import type { UseCases } from "./usecases.ts";
import { readWorkers } from "./workers.ts";

type CheckDoors = Pick<UseCases, "checks" | "findChecks" | "check" | "runCheck" | "workers">;

/** What is asked, what it says, and who asks. `runs`: whether this process runs checks. */
export function checkUseCases(engine: Engine, watch: Watch, runs: () => boolean): CheckDoors {
  async function find(name: string): Promise<Check> {
    return findCheck(await watch.list(), name, engine.environment);
  }

  return {
    checks: () => watch.list(),
    findChecks: async (query) => selectChecks(await watch.list(), query),
    check: find,
    runCheck: async (name, actor) => {
      const { id } = await find(name);
      await engine.audit({ actor, action: "check.run", subject: id, detail: {} });
      const result = toCheckResult(await watch.runNow(id));
      engine.bus.emit({ type: "checks" });
      return result;
    },
    workers: async () => {
      if (!runs()) return { ...(await readWorkers(engine)), scheduler: null };
      const { lateness: _, ...scheduler } = watch.figures();
      return { ...(await readWorkers(engine)), scheduler };
    },
  };
}
