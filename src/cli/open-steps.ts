import { type Effect, effectsOf, placesIn } from "../contract/effects.ts";
import { names } from "../contract/host-standing.ts";
import { effectName, type JournalEntry, type Rollout } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";

/** Steps that take longer are told of, and again after each further span; ms. */
const SPAN_MS = 10_000;
/** More of a kind than this on as many hosts are told of together. */
const FEW = 3;

/** The effect of a journal entry as words: `verify:api@12` → `verify api`. */
export function nameOf(entry: Pick<JournalEntry, "key">): string {
  return effectName(entry).replaceAll(":", " ");
}

/** The kind of an effect and its service: `start:api-12-h0-0` of the api → `start api`. */
export function kindOf({ key, target }: Pick<Effect, "key" | "target">): string {
  return [key.split(":")[0], target].filter(Boolean).join(" ");
}

/** What has begun and not ended, oldest first. */
function openSteps(journal: readonly JournalEntry[]): Effect[] {
  return effectsOf(journal).filter(({ endedAt }) => endedAt === null);
}

/** `verify api (20 s), start api-12-h1-0 on web2 (10 s)`: what has taken 10 s or more by `now` (epoch ms), in whole spans; undefined where nothing has. */
export function waitingLine(journal: readonly JournalEntry[], now: number): string | undefined {
  const places = placesIn(effectsOf(journal));
  const long = openSteps(journal).flatMap((effect) => {
    const spans = Math.floor((now - Date.parse(effect.begunAt ?? "")) / SPAN_MS);
    const hosts = places.of(effect) ?? [];
    return spans > 0 ? [{ name: nameOf(effect), kind: kindOf(effect), hosts, spans }] : [];
  });
  const told = [...Map.groupBy(long, ({ kind }) => kind)].flatMap(([kind, all]) => {
    if (all.length <= FEW) return all;
    return [
      { name: kind, hosts: all.flatMap(({ hosts }) => hosts), spans: Math.max(...all.map(({ spans }) => spans)) },
    ];
  });
  const lines = told.map(({ name, hosts, spans }) => {
    const where = hosts.length > 0 ? ` on ${names([...new Set(hosts)])}` : "";
    return `${name}${where} (${formatDuration(spans * SPAN_MS)})`;
  });
  return lines.length > 0 ? lines.join(", ") : undefined;
}

/** The step at which a rollout failed without a word of its own in the journal: the last one that was begun and not ended. */
export function failedStep({ state, journal }: Pick<Rollout, "state" | "journal">): Effect | undefined {
  if (state === "SUCCEEDED" || state === "SUPERSEDED") return undefined;
  if (journal.some(({ payload }) => payload.failed === true)) return undefined;
  return openSteps(journal).at(-1);
}
