import { request } from "undici";
import { ExternalError } from "../../core/errors.ts";
import type { HostRoute } from "../../platforms/traffic.ts";
import { keptReleases, removeReleases } from "../../store/releases.ts";
import { setBehind, setState, succeededReleases, unfinishedRollouts } from "../../store/rollouts.ts";
import type { ReleasedService } from "../../store/tables/release.ts";
import type { UnitRow } from "../../store/tables/unit.ts";
import { liveUnits, updateUnit } from "../../store/units.ts";
import { clearLeftHosts } from "../left-hosts.ts";
import { runPostChecks, together } from "../post/post.ts";
import { changingServices, context, type Run, releasedOf, type Step, sides, targetOf } from "../run.ts";
import { judgement } from "./analyze.ts";
import { askUnit } from "./health.ts";
import { retire } from "./retire.ts";
import { removeIdleRoute, routeOf, setRoute, traffic } from "./traffic.ts";
import { watchCandidate } from "./watch.ts";

const READ_BACKS = 5;
const READ_BACK_DEADLINE_MS = 5_000;
const READ_BACK_TRIES = 20;
const KEPT_RELEASES = 5;
const DEFAULT_DRAIN_MS = 30_000;
const DEFAULT_GRACE_MS = 10_000;

/** PROMOTED: all requests without an end; the old units stay warm. The public route must say so. */
export const promote: Step = async (run) => {
  for (const { name, service } of changingServices(run)) {
    if (service.kind === "worker") continue;
    const { stable, candidate } = await sides(run, name);
    await setRoute(run, name, routeOf(stable, candidate, { share: 100 }), { key: `promote:${name}`, step: "PROMOTED" });
  }
  await readBack(run, "PROMOTED");
  return "BAKING";
};

/** BAKING: the guards watch with all requests; the end is a wall-clock time in the journal. */
export const bake: Step = async (run) => {
  const known = run.journal.outcome("bake")?.until;
  const until =
    typeof known === "number" ? known : run.dependencies.clock.now() + (needsBake(run) ? run.plan.strategy.bakeMs : 0);
  await run.journal.note("bake", "BAKING", null, { until });
  await together(run, [(part) => watchCandidate(part, { until }), (part) => runPostChecks(part, "begin")]);
  // Too few requests to tell change nothing any more: all users have the release, and the bake was its time.
  await run.journal.note("judged:bake", "BAKING", null, await judgement(run));
  await runPostChecks(run, "end");
  return "DRAINED";
};

/** A release that was proven before, or a rollout without changes, does not bake again. */
function needsBake(run: Run): boolean {
  return run.plan.kind !== "restore" && changingServices(run).length > 0;
}

/** DRAINED: the new units become the stable ones; the old get no request, finish theirs and stop. */
export const drain: Step = async (run) => {
  await Promise.all(changingServices(run).map(({ name }) => replaceUnits(run, name)));
  const removed = run.plan.services.filter(({ action }) => action === "remove").map(({ service }) => service);
  for (const name of removed) await removeService(run, name);
  await readBack(run, "DRAINED");
  await clearLeftHosts(run);
  await nameBehind(run);
  await forgetOldReleases(run);
  return "SUCCEEDED";
};

async function replaceUnits(run: Run, name: string): Promise<void> {
  const service = run.release.services[name];
  const { stable, candidate } = await sides(run, name);
  if (service?.kind === "http")
    await setRoute(run, name, routeOf(candidate, []), { key: `settle:${name}`, step: "DRAINED" });
  else await emptyRoute(run, name);
  for (const unit of candidate) await updateUnit(run.dependencies.store.db, unit.id, { role: "stable" });
  const times = { drainMs: service?.drainMs ?? DEFAULT_DRAIN_MS, graceMs: service?.graceMs ?? DEFAULT_GRACE_MS };
  await retire(run, { service: name, units: stable, step: "DRAINED", ...times });
  await removeIdleRoute(run, name);
}

async function removeService(run: Run, name: string): Promise<void> {
  const units = (await liveUnits(run.dependencies.store.db, run.row)).filter((unit) => unit.service === name);
  const old = units[0] && (await releasedOf(run, units[0]))?.released;
  const times = { drainMs: old?.drainMs ?? DEFAULT_DRAIN_MS, graceMs: old?.graceMs ?? DEFAULT_GRACE_MS };
  await emptyRoute(run, name);
  await retire(run, { service: name, units, step: "DRAINED", ...times });
  await removeIdleRoute(run, name);
}

/** No more requests; the route itself stays until its last stream has ended. */
async function emptyRoute(run: Run, name: string): Promise<void> {
  if (await traffic(run).read(targetOf(run, name), context(run)))
    await setRoute(run, name, routeOf([], []), { key: `settle:${name}`, step: "DRAINED" });
}

/** Hosts whose users do not have the release yet: they were lost, and the others were a quorum. */
async function nameBehind(run: Run): Promise<void> {
  const { store } = run.dependencies;
  const behind = new Set<string>();
  for (const { name, service } of changingServices(run)) {
    if (service.kind === "worker") continue;
    const view = await traffic(run).read(targetOf(run, name), context(run));
    for (const host of hostsBehind(run.plan.hosts ?? [], view?.hosts ?? [], (await sides(run, name)).candidate))
      behind.add(host);
  }
  const hosts = [...behind].sort();
  await setBehind(store.db, run.lease, run.row, hosts);
  if (hosts.length === 0) return;
  const all = run.plan.hosts?.length;
  const reason = `went on without ${hosts.join(", ")} (quorum ${run.plan.quorum} of ${all})`;
  await setState(store.db, run.lease, run.row.id, { state: "DRAINED", reason });
}

/** The hosts that do not answer, or whose route leads to other units than these. */
export function hostsBehind(
  hosts: readonly string[],
  seen: readonly HostRoute[],
  units: readonly Pick<UnitRow, "id" | "address">[],
): string[] {
  return hosts.filter((host) => {
    const route = seen.find((found) => found.host === host);
    const own = units.filter(({ address }) => address.host === host);
    return !route || own.some(({ id }) => !route.stable.includes(id));
  });
}

/** Keeps what runs or is being shipped, and the last five releases that served each environment: the way back leads to those. */
async function forgetOldReleases(run: Run): Promise<void> {
  const { store, app, platform } = run.dependencies;
  const existing = new Set((await keptReleases(store.db, app)).map(({ name }) => name));
  const served = (await succeededReleases(store.db, app)).filter(({ release }) => existing.has(release));
  const inUse = [...(await liveUnits(store.db, { app })), ...(await unfinishedRollouts(store.db, { app }))];
  const keep = [...inUse.map(({ release }) => release), ...lastServed([run.row, ...served], KEPT_RELEASES)];
  await removeReleases(store.db, app, keep);
  await platform.prune(await keptReleases(store.db, app), context(run));
}

/** The first `most` releases of each environment, in the order given. */
export function lastServed(served: readonly { env: string; release: string }[], most: number): string[] {
  const perEnvironment = Map.groupBy(served, ({ env }) => env);
  return [...perEnvironment.values()].flatMap((list) =>
    [...new Set(list.map(({ release }) => release))].slice(0, most),
  );
}

/** Success is what users see: the public route names the new release several times in a row. */
async function readBack(run: Run, step: "PROMOTED" | "DRAINED"): Promise<void> {
  for (const { name, service } of changingServices(run)) {
    if (service.kind === "worker") continue;
    const path = (service.health as { path?: string } | null)?.path ?? "/";
    await run.journal.effect({
      key: `read-back:${step.toLowerCase()}:${name}`,
      step,
      target: name,
      act: async () => {
        const view = await traffic(run).read(targetOf(run, name), context(run));
        const places = view?.hosts ?? [{ listensAt: view?.listensAt, hostName: undefined }];
        const asked = places.map((place) => askRoute(run, name, `${place.listensAt}${path}`, place.hostName));
        const seen = await Promise.all(asked).catch(async (error: unknown) => {
          await blameUnits(run, name, service);
          throw error;
        });
        return { url: view?.url, seen: Math.min(...seen) };
      },
    });
  }
}

/** A wrong answer of the route has a nearer cause where a unit of the release is gone: that is thrown. */
async function blameUnits(run: Run, name: string, service: ReleasedService): Promise<void> {
  const { stable, candidate } = await sides(run, name);
  for (const unit of [...candidate, ...stable])
    if (unit.release === run.release.name) await askUnit(run, unit, service);
}

async function askRoute(run: Run, name: string, url: string, hostName: string | undefined): Promise<number> {
  let row = 0;
  let last = "";
  for (let i = 0; i < READ_BACK_TRIES && row < READ_BACKS; i++) {
    last = await releaseAt(url, hostName, run.signal);
    row = last === run.release.name ? row + 1 : 0;
    if (row === 0) await run.dependencies.clock.sleep(100, run.signal);
  }
  if (row < READ_BACKS)
    throw new ExternalError({
      code: "SM-ROUTE-READBACK",
      message: `${name}: the route answers with ${last || "nothing"} instead of ${run.release.name}`,
      next: "run stationmaster doctor",
    });
  return row;
}

async function releaseAt(url: string, hostName: string | undefined, signal: AbortSignal): Promise<string> {
  try {
    const { headers, body } = await request(url, {
      headers: hostName === undefined ? {} : { host: hostName },
      reset: true,
      signal: AbortSignal.any([signal, AbortSignal.timeout(READ_BACK_DEADLINE_MS)]),
    });
    await body.dump();
    return String(headers["x-stationmaster-release"] ?? "");
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error.message : "";
  }
}
