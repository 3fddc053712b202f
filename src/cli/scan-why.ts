import colors from "picocolors";
import { nearest } from "../config/spelling.ts";
import type { NearMiss, ScanFact, ScanReport } from "../contract/scan.ts";
import { wantText } from "../contract/scan-words.ts";
import { UserError } from "../core/errors.ts";
import { FACT_NAMES } from "../scan/fact-names.ts";
import { table } from "./output.ts";
import { seenAt, sureness } from "./scan-lines.ts";
import { clippedText, safeText, valueText } from "./scan-values.ts";

/** What is known behind one fact. */
export interface Explained {
  id: string;
  /** Undefined where nothing was found. */
  fact: ScanFact | undefined;
  nearMisses: NearMiss[];
}

/**
 * The facts that a question means: `api.port`, `port` of every service, `env` with each variable, `want.users`. `UserError`
 * SM-SCAN-FACT where there is no such service or fact.
 */
export function explained(report: ScanReport, question: string): Explained[] {
  const ids = Object.keys(report.facts);
  const services = report.services.map(({ name }) => name);
  const asked = Object.hasOwn(FACT_NAMES, question.split(".")[0] ?? "")
    ? services.map((name) => `${name}.${question}`)
    : [question];
  const found = asked.flatMap((id): Explained[] => {
    const same = ids.filter((one) => one === id || one.startsWith(`${id}.`)).sort();
    if (same.length > 0)
      return same.map((one) => ({ id: one, fact: report.facts[one], nearMisses: missesOf(report, one) }));
    const [service = "", name = ""] = id.split(".");
    return services.includes(service) && Object.hasOwn(FACT_NAMES, name)
      ? [{ id, fact: undefined, nearMisses: missesOf(report, id) }]
      : [];
  });
  if (found.length > 0) return found;
  throw unknownFact(question, [
    ...ids,
    ...services.flatMap((name) => Object.keys(FACT_NAMES).map((fact) => `${name}.${fact}`)),
    ...Object.keys(FACT_NAMES),
  ]);
}

/** The answers to such a question for people. */
export function whyLines(answers: readonly Explained[]): string[] {
  return answers.flatMap((answer, at) => [...(at > 0 ? [""] : []), ...answerLines(answer)]);
}

function answerLines({ id, fact, nearMisses }: Explained): string[] {
  const name = id.split(".")[1] ?? "";
  const misses = nearMisses.map(({ message, evidence }) => [safeText(message), seenAt({ evidence })]);
  const almost = misses.length > 0 ? ["", "Almost", table(["RULE", "SEEN AT"], misses)] : [];
  if (!fact) {
    const meaning = Object.hasOwn(FACT_NAMES, name) ? FACT_NAMES[name as keyof typeof FACT_NAMES] : "";
    return [`${colors.bold(safeText(id))} is not known: nothing shows ${meaning}`, ...almost];
  }
  const textOf = (value: unknown) =>
    id.startsWith("want.") ? clippedText(wantText(id, value)) : valueText(name, value);
  const others = fact.alternatives.map((other) => [
    textOf(other.value),
    sureness(other),
    other.source,
    seenAt(other),
    safeText(other.reason),
  ]);
  const seen = fact.evidence.map(({ file, line, rule }) => [safeText(`${file}:${line}`), safeText(rule)]);
  return [
    `${colors.bold(safeText(id))} = ${textOf(fact.value)}`,
    `${sureness(fact)}, from: ${fact.source}`,
    ...(seen.length > 0 ? [table(["SEEN AT", "BY THE RULE"], seen)] : []),
    ...(others.length > 0
      ? ["", "Also said", table(["VALUE", "SURE", "FROM", "SEEN AT", "LOST BECAUSE"], others)]
      : []),
    ...almost,
  ];
}

function missesOf({ nearMisses, services }: ScanReport, id: string): NearMiss[] {
  const [service, name] = id.split(".");
  const path = services.find((one) => one.name === service)?.path;
  return nearMisses.filter(({ fact, unit }) => fact === name && (unit === path || unit.startsWith(`${path}#`)));
}

function unknownFact(question: string, known: readonly string[]): UserError {
  const near = new Set<string>();
  for (let count = 0; count < 3; count += 1) {
    const one = nearest(
      question,
      known.filter((id) => !near.has(id)),
    );
    if (one !== undefined) near.add(one);
  }
  return new UserError({
    code: "SM-SCAN-FACT",
    message: `there is no fact ${safeText(question)}`,
    next: near.size > 0 ? `did you mean ${[...near].join(", ")}?` : "see stationmaster scan for the names of all",
  });
}
