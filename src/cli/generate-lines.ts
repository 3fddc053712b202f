import { diffIndices } from "node-diff3";
import type { Plan } from "../generate/plan.ts";
import { changes, type Prepared, type PreparedFile } from "../generate/prepared.ts";
import { table } from "./output.ts";

const SIGNS = { create: "+", merge: "~", keep: " ", conflict: "!", delete: "-" } as const;

/** What was written and why, file by file, then what is to be known and what the rules found. */
export function generateLines(
  prepared: Prepared,
  { diff = false, written }: { diff?: boolean | undefined; written: boolean },
): string[] {
  const { files, findings, notes, blocking } = prepared;
  const rows = files.map(({ path, action, file, note }) => [
    `${SIGNS[action]} ${path}`,
    action,
    note ?? file?.why ?? "",
  ]);
  const open = findings.filter(({ suppressed }) => !suppressed);
  return [
    table(["FILE", "", "WHY"], rows),
    ...(diff ? files.filter(changes).flatMap(diffLines) : []),
    ...open.map(({ severity, rule, file, line, message }) => `${severity} ${rule} ${file}:${line}: ${message}`),
    ...notes.map((note) => `note: ${note}`),
    blocking.length > 0
      ? `nothing was written: ${blocking.length} error${blocking.length === 1 ? "" : "s"} above; mend or suppress them with a reason`
      : closing(files, written),
  ];
}

function closing(files: readonly PreparedFile[], written: boolean): string {
  const count = files.filter(changes).length;
  if (count === 0) return "everything is as it should be; nothing to write";
  return written
    ? `wrote ${count} file${count === 1 ? "" : "s"}`
    : `${count} file${count === 1 ? "" : "s"} would change`;
}

/** The change of one file, line by line. */
function diffLines({ path, before = "", text = "" }: PreparedFile): string[] {
  const [a, b] = [before.split("\n"), text.split("\n")];
  const hunks = diffIndices(a, b).flatMap(({ buffer1, buffer2, buffer1Content, buffer2Content }) => [
    `@@ -${buffer1[0] + 1},${buffer1[1]} +${buffer2[0] + 1},${buffer2[1]} @@`,
    ...buffer1Content.map((line) => `-${line}`),
    ...buffer2Content.map((line) => `+${line}`),
  ]);
  return ["", `--- ${before === "" ? "/dev/null" : path}`, `+++ ${text === "" ? "/dev/null" : path}`, ...hunks];
}

/** The plan, each field with the fact or the line of the manifest it comes from. */
export function planText({ services, stores, target, project, assumptions }: Plan): string {
  const fields = [
    "path",
    "role",
    "framework",
    "runtime",
    "packageManager",
    "install",
    "build",
    "start",
    "output",
    "port",
    "health",
  ] as const;
  const rows = services.flatMap((service) =>
    fields.flatMap((field) => {
      const value = service[field];
      if (value === null) return [];
      return [
        [
          `${service.name}.${field}`,
          typeof value === "object" ? Object.values(value).filter(Boolean).join(" ") : String(value),
          service.origin[field] ?? "",
        ],
      ];
    }),
  );
  return [
    `${project}, for ${target}`,
    table(["FIELD", "VALUE", "FROM"], rows),
    ...stores.map(({ name, kind, version }) => `store ${name}: ${kind}${version ? ` ${version}` : ""}`),
    ...assumptions.map((text) => `assumed: ${text}`),
  ].join("\n");
}
