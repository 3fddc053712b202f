import type { FileFinding, GeneratedFileRow, GenerateReport } from "../../../src/contract/generate.ts";
import type { Gap, ScanFact } from "../../../src/contract/scan.ts";
import { ASSUMED, CERTAIN, type OwnFact } from "../../../src/contract/scan-words.ts";
import { plural } from "./format.ts";
import type { Tone } from "./states.ts";

/** Facts of these names are many; they stand behind a line that counts them. */
const MANY: Record<string, string> = { env: "variable", metric: "metric" };

export interface FactGroups {
  /** Used, certain or assumed, in the order that people ask. */
  used: OwnFact[];
  unsure: OwnFact[];
  many: { label: string; facts: OwnFact[] }[];
}

/** The facts of a service as they are shown: what is used, what is not, and what is too much for a table. */
export function groupFacts(facts: readonly OwnFact[]): FactGroups {
  const few = facts.filter(({ name }) => !(name in MANY));
  return {
    used: few.filter(({ fact }) => fact.confidence >= ASSUMED),
    unsure: few.filter(({ fact }) => fact.confidence < ASSUMED),
    many: Object.entries(MANY).flatMap(([name, noun]) => {
      const own = facts.filter((one) => one.name === name);
      return own.length === 0 ? [] : [{ label: plural(own.length, noun), facts: own }];
    }),
  };
}

/** How sure a fact is, in words; null where it is certain. */
export function doubtOf({ confidence }: Pick<ScanFact, "confidence">): "assumed" | "unsure" | null {
  if (confidence >= CERTAIN) return null;
  return confidence >= ASSUMED ? "assumed" : "unsure";
}

export function placeOf({ file, line }: { file: string; line: number }): string {
  return `${file}:${line}`;
}

export type FileState = "new" | "changes" | "goes" | "proposal" | "as it is";

export const FILE_TONE: Record<FileState, Tone> = {
  new: "ok",
  changes: "busy",
  goes: "warn",
  proposal: "warn",
  "as it is": "idle",
};

interface PlannedFile {
  name: string;
  row: GeneratedFileRow;
  state: FileState;
  findings: FileFinding[];
}

export interface Folder {
  /** Whole path; "" is the root. */
  path: string;
  files: PlannedFile[];
}

/** The files of a run by folder, those of the root first, each with what the rules say of it. */
export function foldersOf(report: GenerateReport): Folder[] {
  const open = report.findings.filter(({ suppressed }) => suppressed === null);
  const files = report.files.map((row) => ({
    row,
    folder: row.path.slice(0, Math.max(0, row.path.lastIndexOf("/"))),
    name: row.path.slice(row.path.lastIndexOf("/") + 1),
    state: stateOf(row, report),
    findings: open.filter(({ file }) => file === row.path),
  }));
  return [...Map.groupBy(files, ({ folder }) => folder)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, own]) => ({ path, files: own.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }));
}

function stateOf({ path, action }: GeneratedFileRow, { created, modified, deleted }: GenerateReport): FileState {
  if (action === "conflict") return "proposal";
  if (created.includes(path)) return "new";
  if (modified.includes(path)) return "changes";
  return deleted.includes(path) ? "goes" : "as it is";
}

/** `9 new, 1 changes`, or that nothing would change. */
export function changesInWords(folders: readonly Folder[]): string {
  const states = folders.flatMap(({ files }) => files.map(({ state }) => state));
  const words: Record<FileState, string> = {
    new: "new",
    changes: "changed",
    goes: "removed",
    proposal: "beside files of yours",
    "as it is": "as they should be",
  };
  const parts = (Object.keys(words) as FileState[]).flatMap((state) => {
    const count = states.filter((one) => one === state).length;
    return count === 0 ? [] : [`${count} ${words[state]}`];
  });
  return `${plural(states.length, "file")}: ${parts.join(", ")}`;
}

const SEVERITIES = ["error", "warning", "note"] as const;
export const SEVERITY_TONES: Record<FileFinding["severity"], Tone> = { error: "bad", warning: "warn", note: "idle" };

/** Findings that count, the worst first; those of one severity by file and line. */
export function openFindings(findings: readonly FileFinding[]): FileFinding[] {
  const rank = ({ severity }: FileFinding) => SEVERITIES.indexOf(severity);
  return findings
    .filter(({ suppressed }) => suppressed === null)
    .toSorted((a, b) => rank(a) - rank(b) || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}

/** `2 errors, 1 warning, 3 suppressed`. */
export function findingsInWords(findings: readonly FileFinding[]): string {
  const open = openFindings(findings);
  const suppressed = findings.length - open.length;
  const parts = SEVERITIES.flatMap((severity) => {
    const count = open.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [plural(count, severity)];
  });
  return [...parts, ...(suppressed > 0 ? [`${suppressed} suppressed`] : [])].join(", ");
}

export const TEAMS: Record<Gap["to"], string> = {
  backend: "For the back end",
  frontend: "For the front end",
  operations: "For operations",
};

/** A gap as a note that somebody can paste into an issue or a chat. */
export function noteOf({ service, title, why, evidence, patch }: Gap): string {
  const places = evidence.map((one) => `- seen at \`${placeOf(one)}\``);
  return [
    `**${service}: ${title}**`,
    "",
    why,
    ...(places.length > 0 ? ["", ...places] : []),
    ...(patch ? ["", `In \`${patch.file}\`:`, "", "```", patch.text.replace(/\n+$/, ""), "```"] : []),
    "",
  ].join("\n");
}
