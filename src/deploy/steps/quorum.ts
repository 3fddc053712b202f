import { isLost } from "../../core/errors.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { hostsOf, type Run } from "../run.ts";

/** Whether a rollout goes on without these hosts. */
function suffices({ hosts, lost, quorum }: { hosts: number; lost: number; quorum: number | undefined }): boolean {
  return quorum !== undefined && hosts - lost >= quorum;
}

/** Asks something of a unit; undefined where its host is lost and those that are left are a quorum. Every other failure is thrown. */
export async function unlessLost<T>(
  run: Run,
  { address: { host } }: UnitRow,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  if (host === undefined) return await ask();
  try {
    const answer = await ask();
    run.lost.delete(host);
    return answer;
  } catch (error) {
    if (!isLost(error)) throw error;
    run.lost.add(host);
    if (!suffices({ hosts: hostsOf(run).length, lost: run.lost.size, quorum: run.quorum })) throw error;
    return undefined;
  }
}
