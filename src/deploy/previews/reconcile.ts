import type { PreviewRow } from "../../store/tables/hosts.ts";
import { isPreviewName } from "./names.ts";
import { createPlacer, type Room } from "./placement.ts";
import type { Remote, Source } from "./remote.ts";

export type Known = Pick<
  PreviewRow,
  "env" | "ref" | "commit" | "state" | "host" | "fork" | "ordered" | "settled" | "reason" | "usedAt" | "closedAt"
>;

/** Times in milliseconds. */
export interface Limits extends Room {
  idleMs: number;
  expireMs: number;
  /** Whether forks have previews that nobody asked for. */
  forks: boolean;
}

/** `deploy` brings a preview to what its row says; `create` and `update` write the row first. */
export type Action =
  | ({ kind: "create"; env: string; host: string } & Source)
  | ({ kind: "refuse"; env: string; host: string; reason: string } & Source)
  | ({ kind: "update"; env: string; ordered: "open" | null } & Source)
  | { kind: "close"; env: string; state: "closed" | "asleep" }
  | { kind: "deploy" | "sleep"; env: string }
  | { kind: "remove"; env: string; why: "expired" | "ordered" | "evicted" };

/**
 * What is to be done about the previews of one environment. `remote` is undefined where the repository could not be asked: then
 * only what their rows say is done. At most one action for each; done, the next call has no more to say until something changes.
 */
export function reconcile(
  { remote, known, limits }: { remote: Remote | undefined; known: readonly Known[]; limits: Limits },
  now: number,
): Action[] {
  const ours = known.filter(({ env }) => isPreviewName(env));
  const wanted = new Map(remote?.wanted.filter(({ env }) => isPreviewName(env)).map((item) => [item.env, item]));
  const standing = ours.filter(({ state }) => state !== "removed");
  const actions = standing.flatMap((item) => aboutOne(item, { remote, wanted: wanted.get(item.env), limits }, now));
  const chosen = new Map(actions.map(({ env, kind }) => [env, kind]));
  const staying = standing.filter(({ env }) => chosen.get(env) !== "remove");
  const placer = createPlacer(
    staying.map((item) => (chosen.get(item.env) === "update" ? { ...item, state: "running" as const } : item)),
    limits,
  );
  for (const source of wanted.values()) {
    const before = ours.find(({ env }) => env === source.env);
    if (source.fork && !limits.forks) continue;
    if (before && (before.state !== "removed" || isUnwanted(before, source, remote))) continue;
    const place = placer.take();
    const { env, ref, commit, fork } = source;
    if (place.evict !== undefined) {
      const closing = actions.findIndex((action) => action.env === place.evict);
      if (closing >= 0) actions.splice(closing, 1);
      actions.push({ kind: "remove", env: place.evict, why: "evicted" });
    }
    if (place.reason === undefined) actions.push({ kind: "create", env, host: place.host, ref, commit, fork });
    else if (before?.reason !== place.reason || before.commit !== commit)
      actions.push({ kind: "refuse", env, host: place.host, reason: place.reason, ref, commit, fork });
  }
  return actions;
}

function aboutOne(
  item: Known,
  { remote, wanted, limits }: { remote: Remote | undefined; wanted: Source | undefined; limits: Limits },
  now: number,
): Action[] {
  const { env, closedAt, ordered } = item;
  if (ordered === "remove") return [{ kind: "remove", env, why: "ordered" }];
  const source = sourceOf(item, wanted, remote);
  const changed = source !== undefined && isNews(item, source, limits);
  if (source && (closedAt || changed))
    return [{ kind: "update", env, ordered: ordered === "open" ? "open" : null, ...source }];
  if (closedAt && now >= closedAt.getTime() + limits.expireMs) return [{ kind: "remove", env, why: "expired" }];
  if (remote && !closedAt && !source && (ordered !== "open" || isGone(item, remote)))
    return [{ kind: "close", env, state: item.state === "asleep" ? "asleep" : "closed" }];
  if (item.state === "asleep") return [];
  if (!item.settled) return closedAt ? [] : [{ kind: "deploy", env }];
  return now >= item.usedAt.getTime() + limits.idleMs ? [{ kind: "sleep", env }] : [];
}

/** A new commit, or a commit that is no fork's after all: a branch and its pull request do not change at the same moment. */
function isNews(item: Known, { commit, fork }: Source, { forks }: Limits): boolean {
  if (fork && !item.fork && !forks) return false;
  return commit !== item.commit || (item.fork && !fork);
}

/** What a preview is of now; undefined when nobody wants it any more. */
function sourceOf(item: Known, wanted: Source | undefined, remote: Remote | undefined): Source | undefined {
  if (!remote) return undefined;
  if (wanted && !isUnwanted(item, wanted, remote)) {
    const { ref, commit, fork } = wanted;
    return { ref, commit, fork: fork || (item.ordered === "open" && item.fork) };
  }
  const commit = remote.refs.get(item.ref);
  if (item.ordered !== "open" || commit === undefined) return undefined;
  return { ref: item.ref, commit, fork: item.fork };
}

/**
 * What polling sees is not what counts: somebody closed or removed it, or its branch is gone, and nothing was pushed since. A
 * pull request shows open for a while after that.
 */
function isUnwanted(item: Known, wanted: Source, remote: Remote | undefined): boolean {
  if (item.commit !== wanted.commit) return false;
  if (item.ordered === "close" || item.ordered === "remove") return true;
  return remote !== undefined && isGone(item, remote);
}

/** Branches are all listed, so one that is not is gone; of other refs nobody knows. */
function isGone({ ref }: Known, { refs }: Remote): boolean {
  return ref.startsWith("refs/heads/") && !refs.has(ref);
}
