import { useNow } from "../clock.ts";
import { duration } from "../view/format.ts";

/** How long something took, or has been taking until now. */
export function Elapsed({ from, until }: { from: string; until: string | null }) {
  const now = useNow();
  const ms = (until ? Date.parse(until) : now) - Date.parse(from);
  // A running figure in tenths of seconds would flicker.
  return <span className="num nowrap">{duration(until || ms < 1_000 ? ms : Math.floor(ms / 1_000) * 1_000)}</span>;
}
