import type { FileFinding, GeneratedFileRow, GenerateReport } from "../contract/generate.ts";
import type { Finding } from "../lint/finding.ts";
import { sha256 } from "./base-store.ts";
import { changes, type Prepared, type PreparedFile, proposedPath } from "./prepared.ts";
import { bytesAfter } from "./write.ts";

/** What a run did below a folder, or would do, as `generate --json` tells it. */
export function reportOf({ files, findings, notes, blocking }: Prepared, root: string): GenerateReport {
  const changed = files.filter(changes);
  const paths = (some: readonly PreparedFile[]) => some.map(({ path }) => path);
  return {
    files: files.flatMap((file) => fileRow(file, root)),
    findings: findings.map(findingRow),
    created: paths(changed.filter(({ before, text }) => before === undefined && text !== undefined)),
    modified: paths(changed.filter(({ before, text }) => before !== undefined && text !== undefined)),
    deleted: paths(changed.filter(({ text }) => text === undefined)),
    proposed: files.filter(({ proposed }) => proposed !== undefined).map(({ path }) => proposedPath(path)),
    blocked: blocking.length > 0,
    notes,
  };
}

/** A finding as programs get it. */
export function findingRow({ rule, severity, file, line, column, message, fix, suppressed }: Finding): FileFinding {
  return {
    rule,
    severity,
    file,
    line,
    ...(column === undefined ? {} : { column }),
    message,
    fix: fix?.description ?? null,
    suppressed: suppressed?.reason ?? null,
  };
}

function fileRow(prepared: PreparedFile, root: string): GeneratedFileRow[] {
  const { path, file, action, note } = prepared;
  if (!file) return [];
  return [
    {
      path,
      kind: file.kind,
      action,
      sha256: sha256(bytesAfter(root, prepared) ?? ""),
      why: file.why,
      notes: [...(note ? [note] : []), ...(file.notes ?? [])],
    },
  ];
}
