import { useNow } from "../clock.ts";
import { ago, clock } from "../view/format.ts";

/** A moment, relative to now; the exact time shows on hover and to assistive technology. */
export function Time({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exact(at)}>
      {ago(at, now)}
    </time>
  );
}

/** The time of day of a moment, for lists in which the order matters. */
export function Clock({ at }: { at: string }) {
  return (
    <time className="clock" dateTime={at} title={exact(at)}>
      {clock(at)}
    </time>
  );
}

function exact(at: string): string {
  return `${new Date(at).toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" })} (${at})`;
}
