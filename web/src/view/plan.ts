import type { RolloutPlan, UnderWay } from "../../../src/contract/rollout.ts";
import { duration, plural } from "./format.ts";

/** Whether carrying the plan out would leave everything as it is. */
export function changesNothing({
  services,
  kind,
}: Pick<RolloutPlan, "services"> & Partial<Pick<RolloutPlan, "kind">>): boolean {
  return kind !== "contract" && services.every(({ action }) => action === "keep");
}

/** What serves before the rollout: one release, or one for each service that is touched where they differ. */
export function originOf({ services }: Pick<RolloutPlan, "services">): string {
  const touched = services.filter(({ action }) => action !== "keep");
  const releases = new Set(touched.map(({ fromRelease }) => fromRelease ?? "nothing"));
  if (releases.size < 2) return [...releases][0] ?? "nothing";
  return touched.map(({ service, fromRelease }) => `${service} ${fromRelease ?? "nothing"}`).join(", ");
}

/** `web1`, `3 hosts: web1, web2, web3`. */
export function placesOf(hosts: readonly string[]): string {
  return hosts.length === 1 ? String(hosts[0]) : `${plural(hosts.length, "host")}: ${hosts.join(", ")}`;
}

/** The items of the pre-flight for which the plan is refused: not ok, and nobody overrode them. */
export function unmetOf({ preflight = [] }: Pick<RolloutPlan, "preflight">): string[] {
  return preflight.filter(({ ok, override }) => !ok && override === null).map(({ item }) => item);
}

/** How requests move to the candidate and how long it is watched, in one sentence. */
export function paceOf({ strategy, fromRelease }: Pick<RolloutPlan, "strategy" | "fromRelease">): string {
  const { bakeMs } = strategy;
  if (fromRelease === null)
    return `First release: all requests at once${bakeMs > 0 ? `, watched for ${duration(bakeMs)}` : ""}.`;
  const watch = bakeMs > 0 ? `; then watched for ${duration(bakeMs)} before the old release is let go` : "";
  return `${strategy.kind}: ${moveOf(strategy)}${watch}.`;
}

function moveOf({ kind, steps, everyMs }: RolloutPlan["strategy"]): string {
  if (kind === "rolling") return "replica by replica";
  if (kind === "recreate") return "the old release stops before the new one starts";
  if (kind === "blue-green" || steps.length < 2) return "all requests move at once";
  return `${steps.map((step) => `${step} %`).join(" → ")} of the requests, ${duration(everyMs)} each`;
}

/** What becomes of a plan because of the rollout that is under way; the rollout's name follows. */
export function meetingOf({ meeting }: Pick<UnderWay, "meeting">): string {
  if (meeting === "supersede") return "It takes the place of a rollout that no user has seen:";
  return meeting === "wait" ? "It begins after the rollout that is under way:" : "Refused while another is under way:";
}
