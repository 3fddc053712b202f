import { type Judge, openJudge } from "../analysis/judge.ts";
import { changingServices, type Run } from "../run.ts";

/** They go on from step to step: what came in between two steps counts too. A takeover reads the counts anew. */
const opened = new WeakMap<Run["journal"], Promise<ReadonlyMap<string, Judge>>>();

/** The judges of a rollout in this process, one for each HTTP service that changes. */
export async function judgesOf(run: Run): Promise<ReadonlyMap<string, Judge>> {
  const known = opened.get(run.journal) ?? open(run);
  opened.set(run.journal, known);
  return await known;
}

async function open(run: Run): Promise<ReadonlyMap<string, Judge>> {
  const judges = new Map<string, Judge>();
  for (const { name, service } of changingServices(run))
    if (service.kind === "http") judges.set(name, await openJudge(run, name));
  return judges;
}
