import type { PreviewRow } from "../../store/tables/hosts.ts";
import type { Action } from "./reconcile.ts";

type Change = Partial<PreviewRow>;

/** The row of a preview that is new, or of one that there is no room for. */
export function fresh(
  { ref, commit, fork, host, reason }: Pick<PreviewRow, "ref" | "commit" | "fork" | "host"> & { reason?: string },
  at: Date,
): Omit<PreviewRow, "app" | "env" | "source"> {
  return {
    ...{ ref, commit, fork, host, ordered: null, url: null, databases: {}, requests: 0 },
    ...{ createdAt: at, usedAt: at, closedAt: null },
    ...(reason === undefined
      ? { state: "running", settled: false, reason: null, removedAt: null }
      : { state: "removed", settled: true, reason, removedAt: at }),
  };
}

/** What an action makes of a preview's row before anything is done to the world, so that a crash leaves it to be done. */
export function intended(action: Action, at: Date): Change {
  switch (action.kind) {
    case "create":
    case "refuse":
      return fresh(action, at);
    case "update": {
      const { ref, commit, fork, ordered } = action;
      return { ref, commit, fork, ordered, ...awake(at), closedAt: null };
    }
    case "close":
      return { state: action.state, closedAt: at };
    case "remove":
      // One that made room comes back with its next commit, not with the next look.
      return action.why === "evicted" ? { ordered: "remove" } : {};
    default:
      return {};
  }
}

/** What it makes of the row once it is done. `deploy` says itself how it ended. */
export function done(action: Action, at: Date): Change {
  if (action.kind === "sleep") return { state: "asleep" };
  if (action.kind === "remove") return { state: "removed", removedAt: at, url: null, databases: {}, settled: true };
  return {};
}

/** Wanted to run, whatever it did before. */
export function awake(at: Date): Change {
  return { state: "running", settled: false, reason: null, usedAt: at };
}
