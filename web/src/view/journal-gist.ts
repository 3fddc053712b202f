import { evidenceText } from "../../../src/contract/judgement.ts";
import { clock, plural } from "./format.ts";
import type { JournalStep } from "./journal.ts";

/** What a step of the journal came to, in a few words; empty where its name says it all. */
export function gistOf({ key, status, facts }: JournalStep): string {
  if (status === "failed") return text(facts.message);
  if (status === "skipped") return `skipped: ${text(facts.evidence)}`;
  switch (key.split(":")[0]) {
    case "shift":
      return `${text(facts.share)} % of requests`;
    case "start":
      return placeOf(facts);
    case "verify":
      return lastProbe(facts.probes);
    case "analyze":
    case "bake":
      return typeof facts.until === "number" ? `until ${clock(facts.until)}` : "";
    case "read-back":
      return typeof facts.seen === "number" ? `${plural(facts.seen, "answer")} of the new release` : "";
    case "drain":
      return facts.cut ? `${text(facts.cut)} cut off` : "";
    case "judge":
      return typeof facts.evidence === "number" ? `e-value ${evidenceText(facts.evidence)}` : "";
    case "judged":
      return Object.entries(facts).map(verdictOf).filter(Boolean).join(", ");
    case "held":
    case "aborted":
      return text(facts.why);
    case "promoted":
      return `by ${text(facts.by)}`;
    case "extended":
      return typeof facts.until === "number" ? `too few requests to tell; until ${clock(facts.until)}` : "";
    case "stop":
      return text(facts.ended);
    default:
      return "";
  }
}

/** `on web1, port 32000`, `pid 41, port 45310`. */
function placeOf({ host, pid, port }: JournalStep["facts"]): string {
  const parts = { on: text(host), pid: text(pid), port: text(port) };
  return Object.entries(parts)
    .flatMap(([name, value]) => (value === "" ? [] : [`${name} ${value}`]))
    .join(", ");
}

function verdictOf([service, found]: [string, unknown]): string {
  if (typeof found !== "object" || found === null || !("verdict" in found)) return "";
  const why = "why" in found ? ` (${text(found.why)})` : "";
  return `${service} ${text(found.verdict).toLowerCase()}${why}`;
}

function lastProbe(probes: unknown): string {
  if (!Array.isArray(probes)) return "";
  const all = probes.flat();
  return all.length > 0 ? `${all.length} × ${text(all.at(-1))}` : "";
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
