import { clock, plural } from "./format.ts";
import type { JournalStep } from "./journal.ts";

/** What a step of the journal came to, in a few words; empty where its name says it all. */
export function gistOf({ key, status, facts }: JournalStep): string {
  if (status === "failed") return text(facts.message);
  switch (key.split(":")[0]) {
    case "shift":
      return `${text(facts.share)} % of requests`;
    case "start":
      return facts.pid === undefined ? "" : `pid ${text(facts.pid)}${facts.port ? `, port ${text(facts.port)}` : ""}`;
    case "verify":
      return lastProbe(facts.probes);
    case "analyze":
    case "bake":
      return typeof facts.until === "number" ? `until ${clock(facts.until)}` : "";
    case "read-back":
      return typeof facts.seen === "number" ? `${plural(facts.seen, "answer")} of the new release` : "";
    case "drain":
      return facts.cut ? `${text(facts.cut)} cut off` : "";
    case "stop":
      return text(facts.ended);
    default:
      return "";
  }
}

function lastProbe(probes: unknown): string {
  if (!Array.isArray(probes)) return "";
  const all = probes.flat();
  return all.length > 0 ? `${all.length} × ${text(all.at(-1))}` : "";
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
