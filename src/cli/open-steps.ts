import { effectName, type JournalEntry, type Rollout } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";

/** Steps that take longer are told of, and again after each further span; ms. */
const SPAN_MS = 10_000;

/** The effect of a journal entry as words: `verify:api@12` → `verify api`. */
export function nameOf(entry: Pick<JournalEntry, "key">): string {
  return effectName(entry).replaceAll(":", " ");
}

/** What has begun and not ended, oldest first. */
function openSteps(journal: readonly JournalEntry[]): JournalEntry[] {
  const ended = new Set(journal.filter(({ phase }) => phase === "outcome").map(({ key }) => key));
  return journal.filter(({ key, phase }) => phase === "intent" && !ended.has(key));
}

/** `verify api (20 s), verify web (20 s)`: what has taken 10 s or more by `now` (epoch ms), in whole spans; undefined where nothing has. */
export function waitingLine(journal: readonly JournalEntry[], now: number): string | undefined {
  const long = openSteps(journal).flatMap((entry) => {
    const spans = Math.floor((now - Date.parse(entry.at)) / SPAN_MS);
    return spans > 0 ? [`${nameOf(entry)} (${formatDuration(spans * SPAN_MS)})`] : [];
  });
  return long.length > 0 ? long.join(", ") : undefined;
}

/** The step at which a rollout failed without a word of its own in the journal: the last one that was begun and not ended. */
export function failedStep({ state, journal }: Pick<Rollout, "state" | "journal">): JournalEntry | undefined {
  if (state === "SUCCEEDED" || state === "SUPERSEDED") return undefined;
  if (journal.some(({ payload }) => payload.failed === true)) return undefined;
  return openSteps(journal).at(-1);
}
