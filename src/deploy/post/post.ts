import { ExternalError } from "../../core/errors.ts";
import { changingServices, type Run } from "../run.ts";
import { pagesOpen } from "./page.ts";
import type { AskedCheck, PostCheck } from "./types.ts";
import { logsAreClean, unitsRun } from "./units.ts";

type Found = Omit<PostCheck, "item">;
type Check = (run: Run) => Promise<Found>;

const BEGIN: Record<string, Check> = { page, "canary-user": canaryUser, checks: ownChecks };
const END: Record<string, Check> = { units, logs };

/**
 * What has to hold of a new release before it counts as shipped: at the `begin` of the bake a person's view (pages, the canary
 * user) and the manifest's checks of its services, at its `end` what shows with time (units, logs). Each is in the journal, so that it is not repeated after a crash; the
 * first failure is thrown, and while the old release is warm that leads back to it. Ways back and restored units are not judged:
 * they were.
 */
export async function runPostChecks(run: Run, when: "begin" | "end"): Promise<PostCheck[]> {
  if (run.plan.kind !== "deploy") return [];
  const found: PostCheck[] = [];
  for (const [item, check] of Object.entries(when === "begin" ? BEGIN : END)) {
    const answer = await run.journal.effect({
      key: `post:${item}`,
      step: "BAKING",
      target: null,
      act: async () => ({ ...(await check(run)) }),
    });
    found.push({ item, ok: answer.ok === true, skipped: answer.skipped === true, evidence: String(answer.evidence) });
  }
  return found;
}

/** Work side by side; the first that fails ends the others, which are waited for. Rejects with that first failure. */
export async function together(run: Run, works: readonly ((part: Run) => Promise<unknown>)[]): Promise<void> {
  const failed = new AbortController();
  const part = { ...run, signal: AbortSignal.any([run.signal, failed.signal]) };
  const ends = works.map((work) => work(part).catch((error: unknown) => failed.abort(error)));
  await Promise.all(ends);
  failed.signal.throwIfAborted();
}

function held(evidence: string): Found {
  return { ok: true, skipped: false, evidence };
}

function skipped(evidence: string): Found {
  return { ok: true, skipped: true, evidence };
}

async function units(run: Run): Promise<Found> {
  return held(await unitsRun(run));
}

async function logs(run: Run): Promise<Found> {
  if (!run.dependencies.platform.logs) return skipped("the platform has no logs to read");
  const evidence = await logsAreClean(run);
  return evidence === undefined ? skipped("there is no older log to compare with") : held(evidence);
}

async function page(run: Run): Promise<Found> {
  if (!run.dependencies.post?.browser) return skipped("nobody else depends on this environment");
  return { ok: true, ...(await pagesOpen(run)) };
}

function begun({ row }: Run): number {
  return row.startedAt.getTime();
}

async function canaryUser(run: Run): Promise<Found> {
  return passed((await run.dependencies.post?.journeys(begun(run), run.signal)) ?? [], true);
}

async function ownChecks(run: Run): Promise<Found> {
  const services = changingServices(run).map(({ name }) => name);
  return passed((await run.dependencies.post?.checks(services, begun(run), run.signal)) ?? [], false);
}

/** Throws the first that failed; what could not be asked is told. */
function passed(asked: readonly AskedCheck[], withSteps: boolean): Found {
  const failed = asked.find(({ outcome }) => outcome === "fail");
  if (failed)
    throw new ExternalError({
      code: withSteps ? "SM-POST-JOURNEY" : "SM-POST-CHECK",
      message: `the check ${failed.name} fails on the new release: ${failed.detail}`,
      next: `stationmaster logs, or correct checks.${failed.name}`,
    });
  const well = asked.filter(({ outcome }) => outcome === "ok").map(({ name }) => name);
  const unasked = asked.filter(({ outcome }) => outcome === "unknown").map(({ name, detail }) => `${name}: ${detail}`);
  const evidence = [...(well.length > 0 ? [`${well.join(", ")} passed`] : []), ...unasked].join("; ");
  const none = withSteps ? "no check has steps" : "no further check speaks for what is new";
  return well.length > 0 ? held(evidence) : skipped(evidence || none);
}
