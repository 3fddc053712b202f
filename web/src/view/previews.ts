import type { Preview } from "../../../src/contract/preview.ts";
import type { Tone } from "./states.ts";

/** How a preview stands, in a word. */
export function standingOf({ state, ready, reason }: Pick<Preview, "state" | "ready" | "reason">): {
  tone: Tone;
  word: string;
} {
  if (state === "removed")
    return { tone: reason === null ? "idle" : "bad", word: reason === null ? "removed" : "refused" };
  if (reason !== null) return { tone: "bad", word: state === "running" ? "failed" : `${state}, failed` };
  if (state === "asleep") return { tone: "idle", word: ready ? "asleep" : "going to sleep" };
  if (state === "closed") return { tone: "warn", word: "closed" };
  return ready ? { tone: "ok", word: "running" } : { tone: "busy", word: "being made" };
}

/** What a person can order of it. */
export function ordersFor({ state, reason }: Pick<Preview, "state" | "reason">): ("wake" | "close" | "remove")[] {
  if (state === "removed") return [];
  const wake = state === "asleep" || reason !== null;
  return [...(wake ? (["wake"] as const) : []), ...(state === "running" ? (["close"] as const) : []), "remove"];
}

/** What a preview is of: `#7 login`, `login`. */
export function sourceOf({ name, ref }: Pick<Preview, "name" | "ref">): string {
  const [, pull] = /^pr-(\d+)$/.exec(name) ?? [];
  const own = ref.startsWith("refs/pull/") ? "" : ref;
  return pull === undefined ? ref : `#${pull} ${own}`.trim();
}
