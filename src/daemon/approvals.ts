import type { Approval } from "../contract/hold.ts";
import { listApprovals } from "../store/approvals.ts";
import type { Engine } from "./engine.ts";
import { RECORDS } from "./migration-records.ts";

const SHOWN = 100;

/** Who vouched for what and who overrode what in the environment, newest first. */
export async function approvalsOf({ store, manifest, environment }: Engine): Promise<Approval[]> {
  const rows = await listApprovals(store.db, { app: manifest.project, env: environment });
  return (
    rows
      // A test run that did not go well is nobody's word.
      .filter(({ what }) => what !== RECORDS.other)
      .slice(0, SHOWN)
      .map(({ id, release, what, who, evidence, at }) => ({
        ...{ id, environment, release, what, who },
        evidence: typeof evidence.note === "string" ? evidence.note : null,
        at: at.toISOString(),
      }))
  );
}
