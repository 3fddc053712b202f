import colors from "picocolors";
import type { ScanFact, ScannedService, ScanReport } from "../contract/scan.ts";
import { ASSUMED, CERTAIN, type OwnFact, ownFacts, wantText } from "../contract/scan-words.ts";
import { plural } from "../core/plural.ts";
import { table } from "./output.ts";
import { clippedText, safeText, valueText } from "./scan-values.ts";

/** Facts of these names are many: they are counted, and shown one by one with `--why`. */
const COUNTED = new Set(["env", "metric"]);
const HOW_TO_ASK = colors.dim("One fact with everything behind it: stationmaster scan --why SERVICE.FACT");

/**
 * A scan for people: one table for each service, then what contradicts itself, is missing or was not understood. `files` is
 * how many were looked at.
 */
export function scanLines(report: ScanReport, files: number): string[] {
  const lines = [
    ...platformLines(report),
    ...report.services.flatMap((service) => serviceLines(service, report)),
    ...conflictLines(report),
    ...gapLines(report),
    ...(report.services.length === 0 ? ["", ...nothingFound(report, files)] : []),
    ...requirementLines(report),
    ...warningLines(report),
    ...(Object.keys(report.facts).length === 0 ? [] : ["", HOW_TO_ASK]),
  ];
  // Each part begins with a blank line, the first one too.
  return lines[0] === "" ? lines.slice(1) : lines;
}

function platformLines({ platforms }: ScanReport): string[] {
  if (platforms.length === 0) return [];
  const files = [...Map.groupBy(platforms, ({ id }) => id)].map(
    ([id, same]) => `${id} (${safeText(same[0]?.file ?? "")}${same.length > 1 ? `, ${same.length - 1} more` : ""})`,
  );
  return [`set up for ${files.join(", ")}`];
}

function serviceLines(service: ScannedService, { facts }: ScanReport): string[] {
  const own = ownFacts(service.name, facts);
  const rows = own
    .filter(({ name, fact }) => !COUNTED.has(name) && fact.confidence >= ASSUMED)
    .map(({ id, name, fact }) => [id, valueText(name, fact.value), sureness(fact), seenAt(fact)]);
  const unsure = own
    .filter(({ fact }) => fact.confidence < ASSUMED)
    .map(({ id, name, fact }) => `${id} (${valueText(name, fact.value)}?)`);
  return [
    "",
    colors.bold(safeText(`${service.name}  ${service.path === "." ? "" : service.path}`.trim())),
    table(["FACT", "VALUE", "SURE", "SEEN AT"], [...rows, ...counted(own)]),
    ...(unsure.length > 0 ? [colors.dim(`too unsure to use: ${unsure.join(", ")}`)] : []),
  ];
}

function counted(own: readonly OwnFact[]): string[][] {
  return [...COUNTED].flatMap((name) => {
    const same = own.filter((one) => one.name === name);
    if (same.length === 0) return [];
    const classes = [
      ...Map.groupBy(same, ({ fact }) => (name === "env" ? String((fact.value as { class: string }).class) : "")),
    ];
    const parts = classes.filter(([word]) => word !== "").map(([word, list]) => `${list.length} ${word}`);
    return [
      [
        name,
        `${plural(same.length, name === "env" ? "variable" : "metric")}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}`,
        "",
        seenAt(same[0]?.fact),
      ],
    ];
  });
}

/** How sure a fact is: in words, because a number alone says little. */
export function sureness({ confidence }: Pick<ScanFact, "confidence">): string {
  const percent = `${Math.round(confidence * 100)} %`;
  if (confidence >= CERTAIN) return percent;
  return colors.yellow(`${percent} ${confidence >= ASSUMED ? "assumed" : "unsure"}`);
}

/** Where a value was seen first. */
export function seenAt(fact: Pick<ScanFact, "evidence"> | undefined): string {
  const [first] = fact?.evidence ?? [];
  return first ? safeText(`${first.file}:${first.line}`) : "";
}

function conflictLines({ conflicts }: ScanReport): string[] {
  if (conflicts.length === 0) return [];
  const rows = conflicts.flatMap(({ fact, values }) =>
    values.map(({ value, evidence }, at) => [
      at === 0 ? safeText(fact) : "",
      valueText(fact.split(".")[1] ?? "", value),
      at === 0 ? "taken" : "",
      seenAt({ evidence }),
    ]),
  );
  return ["", colors.bold("Files that say different things"), table(["FACT", "VALUE", "", "SEEN AT"], rows)];
}

function gapLines({ gaps }: ScanReport): string[] {
  if (gaps.length === 0) return [];
  const rows = gaps.map(({ service, id, title, to, evidence }) => [
    safeText(service),
    id,
    title,
    to,
    seenAt({ evidence }),
  ]);
  return ["", colors.bold("Missing"), table(["SERVICE", "GAP", "WHAT", "FOR", "WHERE"], rows)];
}

function requirementLines({ requirements, notUnderstood }: ScanReport): string[] {
  const rows = requirements.map(({ id, value, file, line, contradicts }) => [
    id.replace(/^want\./, ""),
    clippedText(wantText(id, value)),
    safeText(`${file}:${line}`),
    contradicts
      ? safeText(
          `but ${contradicts.fact} is ${valueText("", contradicts.value)}${contradicts.file ? ` at ${contradicts.file}:${contradicts.line}` : ""}`,
        )
      : "",
  ]);
  return [
    ...(rows.length > 0 ? ["", colors.bold("Wanted"), table(["WHAT", "VALUE", "SEEN AT", ""], rows)] : []),
    ...(notUnderstood.length > 0
      ? [
          "",
          colors.bold("Not understood"),
          ...notUnderstood.map(({ file, line, text }) => safeText(`${file}:${line}  ${text}`)),
        ]
      : []),
  ];
}

const MOST_WARNINGS = 10;

function warningLines({ warnings }: ScanReport): string[] {
  if (warnings.length === 0) return [];
  const shown = warnings
    .slice(0, MOST_WARNINGS)
    .map(
      ({ message, file, line }) =>
        `warning: ${safeText(`${file ? `${file}${line ? `:${line}` : ""}: ` : ""}${message}`)}`,
    );
  const rest = warnings.length - shown.length;
  return ["", ...shown, ...(rest > 0 ? [`warning: ${rest} more, see --json`] : [])];
}

/** More are no help; `--json` has all. */
const MOST_MISSES = 5;

/** What comes nearest to a service, and what would make it one. */
function nothingFound({ nearMisses }: ScanReport, files: number): string[] {
  const misses = nearMisses
    .filter(({ fact }) => fact === "service")
    .map(({ unit, message, evidence }) => [safeText(unit), clippedText(message), seenAt({ evidence })]);
  const rest = misses.length - MOST_MISSES;
  return [
    `nothing found: no service that could be started or served among ${plural(files, "file")}`,
    ...(misses.length > 0 ? ["", table(["FOLDER", "NEAREST", "SEEN AT"], misses.slice(0, MOST_MISSES))] : []),
    ...(rest > 0 ? [`${rest} more, see --json`] : []),
    "",
    ...(files === 0
      ? ["Name the folder of an application: stationmaster scan FOLDER"]
      : [
          "Looked for: manifests (package.json, pyproject.toml, go.mod, pom.xml, …), Dockerfiles, files of platforms, main.py, server.js.",
          "Say what starts it: a line `web: COMMAND` in a file `Procfile` beside the code.",
        ]),
  ];
}
