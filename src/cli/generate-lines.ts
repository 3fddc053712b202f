import { plural } from "../core/plural.ts";
import { changes, type Prepared, type PreparedFile, proposedPath } from "../generate/prepared.ts";
import { diffLines } from "./diff-lines.ts";
import { table } from "./output.ts";
import { safeText } from "./scan-values.ts";

const SIGNS = { create: "+", merge: "~", keep: " ", conflict: "!", delete: "-" } as const;

/** What was written and why, file by file, then what is to be known and what the rules found. */
export function generateLines(
  prepared: Prepared,
  { diff = false, written }: { diff?: boolean | undefined; written: boolean },
): string[] {
  const { files, findings, notes, blocking } = prepared;
  const telling = files.filter(({ action, note }) => action !== "keep" || note);
  const rows = telling.map(({ path, action, file, note }) => [
    `${SIGNS[action]} ${safeText(path)}`,
    action,
    safeText(note ?? file?.why ?? ""),
  ]);
  const quiet = files.length - telling.length;
  const open = findings.filter(({ suppressed }) => !suppressed);
  return [
    ...(rows.length > 0 ? [table(["FILE", "", "WHY"], rows)] : []),
    ...(rows.length > 0 && quiet > 0
      ? [`  ${quiet} more stay${quiet === 1 ? "s" : ""} as ${quiet === 1 ? "it is" : "they are"}`]
      : []),
    ...(diff ? files.flatMap(differences) : []),
    ...open.map(
      ({ severity, rule, file, line, message }) => `${severity} ${rule} ${safeText(`${file}:${line}: ${message}`)}`,
    ),
    ...toKnow(files, notes).map((note) => `note: ${safeText(note)}`),
    blocking.length > 0
      ? `nothing was written: ${blocking.length} error${blocking.length === 1 ? "" : "s"} above; mend or suppress them with a reason${files.some(({ proposed }) => proposed !== undefined) ? "; --diff shows what was not taken" : ""}`
      : closing(files, written),
  ];
}

/** What becomes of a file line by line, and what would if it were not kept. */
function differences(file: PreparedFile): string[] {
  const { path, before, text, proposed } = file;
  return [
    ...(changes(file) ? ["", ...diffLines(path, before, text)] : []),
    ...(proposed === undefined
      ? []
      : ["", `not taken, in ${safeText(proposedPath(path))}:`, ...diffLines(path, text, proposed)]),
  ];
}

/** Notes but those of files that stay as they are: they were told when the file was written. */
function toKnow(files: readonly PreparedFile[], notes: readonly string[]): string[] {
  const ofFiles = (some: readonly PreparedFile[]) => some.flatMap(({ file }) => file?.notes ?? []);
  const told = new Set(ofFiles(files.filter(({ action }) => action === "keep")));
  const fresh = new Set(ofFiles(files.filter(({ action }) => action !== "keep")));
  return notes.filter((note) => fresh.has(note) || !told.has(note));
}

function closing(files: readonly PreparedFile[], written: boolean): string {
  const count = files.filter(changes).length;
  const beside = files.filter(({ proposed }) => proposed !== undefined).length;
  if (count === 0 && beside === 0)
    return `${plural(files.length, "file")} as ${files.length === 1 ? "it" : "they"} should be; nothing to write`;
  const proposals = beside === 0 ? "" : `${count === 0 ? "" : ", and "}${plural(beside, "proposal")}`;
  const some = `${count === 0 ? "" : plural(count, "file")}${proposals}`;
  if (written) return `wrote ${some}`;
  return count === 0 ? `${some} would be written` : `${plural(count, "file")} would change${proposals}`;
}
