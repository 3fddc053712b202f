import colors from "picocolors";
import { powerCell, powerSentence, riseName } from "../contract/power.ts";
import type { PlannedMigration, PlannedService, PowerTable, PreflightRow } from "../contract/rollout.ts";
import { formatDuration } from "../core/duration.ts";
import { plural } from "../core/plural.ts";
import { unmet } from "../deploy/preflight/override.ts";
import { table } from "./output.ts";

const WIDTH = 80;

/**
 * Text after a head, in lines of at most 80 characters; a longer word stays whole. The head is `width` characters wide (more are
 * escape codes), further lines begin after `indent` spaces.
 */
export function hang(
  head: string,
  text: string,
  { width = head.length, indent = width }: { width?: number; indent?: number } = {},
): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const room = WIDTH - (lines.length === 0 ? width : indent);
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((part, index) => (index === 0 ? head : " ".repeat(indent)) + part);
}

/** `host: web1`, `3 hosts: web1, web2, web3`. */
export function hostLines(hosts: readonly string[]): string[] {
  return hang(hosts.length === 1 ? "host: " : `${plural(hosts.length, "host")}: `, hosts.join(", "));
}

/** What each service will be and where users call it. */
export function usesLines(services: readonly Pick<PlannedService, "service" | "uses">[]): string[] {
  return services.flatMap(({ service, uses = [] }) =>
    uses.length > 0 ? hang(`${service}: `, uses.join("; "), { indent: 2 }) : [],
  );
}

/** What was looked at before anything is touched: item, whether it is ok, the evidence, and what to do about it; last, whether the plan is refused. */
export function preflightLines(rows: PreflightRow[], waits?: PreflightRow["item"]): string[] {
  if (rows.length === 0) return [];
  const width = Math.max("pre-flight".length, ...rows.map(({ item }) => item.length));
  const indent = width + 7;
  const refusing = unmet({ preflight: rows })
    .map(({ item }) => item)
    .filter((item) => item !== waits);
  return [
    colors.dim(`${"pre-flight".padEnd(width)}  ok   evidence and next step`),
    ...rows.flatMap((row) => {
      const mark = row.ok
        ? colors.green("yes")
        : row.override || row.item === waits
          ? colors.yellow("no ")
          : colors.red("NO ");
      const advice = row.item === waits ? undefined : adviceOf(row);
      return [
        ...hang(`${row.item.padEnd(width)}  ${mark}  `, row.evidence, { width: indent }),
        ...(advice ? hang(" ".repeat(indent), advice) : []),
      ];
    }),
    ...(refusing.length > 0
      ? hang("refused: ", `${refusing.join(", ")} not ok; nothing is begun`).map((line) => colors.red(line))
      : []),
  ];
}

function adviceOf({ ok, next, override }: PreflightRow): string | undefined {
  if (ok) return undefined;
  if (override) return `overridden by ${override.who}: ${override.reason}`;
  return next === null ? undefined : `next: ${next}`;
}

/** What a canary would see with a service's own traffic: rises as columns where that fits, and the same in words. */
export function powerLines(power: PowerTable): string[] {
  const { service, withinSeconds, rows } = power;
  const cells = rows.map(powerCell);
  const wide = table(
    rows.map((row) => riseName(row)),
    [cells],
  );
  const shown =
    Math.max(...wide.split("\n").map((line) => line.length)) <= WIDTH
      ? wide
      : table(
          ["rise of errors", "seen"],
          rows.map((row, index) => [riseName(row), cells[index] ?? ""]),
        );
  const within = formatDuration(withinSeconds * 1_000);
  return [
    colors.dim(`what the canary of ${service} sees within ${within}`),
    ...(rows.length > 0 ? [shown, colors.dim("(share caught if not all, median time, errors by then)")] : []),
    ...hang("", powerSentence(power, formatDuration)),
  ];
}

/** Migrations that would run, and what is wrong with their statements. */
export function migrationLines({ service, tool, kind, pending, findings }: PlannedMigration): string[] {
  const count = plural(pending.length, "migration");
  return [
    ...hang(`${service}: ${count} (${tool}, ${kind}): `, pending.length > 0 ? pending.join(", ") : "none pending", {
      indent: 2,
    }),
    ...findings.flatMap(({ rule, statement, message }) => [
      ...hang(`  ${rule}: `, message, { indent: 4 }).map((line) => colors.yellow(line)),
      ...hang("    ", statement),
    ]),
  ];
}
