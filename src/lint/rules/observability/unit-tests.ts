import { isRecord, listAt, stringAt } from "../../../formats/document.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";

/** Names of the alerts that unit tests ask about in a file of rules; undefined where no test reads the file. */
export function testsOf(file: LintFile, { files }: RuleContext): Set<string> | undefined {
  const documents = files
    .filter(({ kind }) => kind === "prometheus-tests")
    .flatMap((tests) => tests.documents().map(({ value }) => ({ folder: folderOf(tests.path), value })))
    .filter(({ folder, value }) => rulesOf(value).some((path) => matches(joinPath(folder, path), file.path)));
  if (documents.length === 0) return undefined;
  return new Set(
    documents.flatMap(({ value }) =>
      listAt(value, ["tests"])
        .flatMap((test) => listAt(test, ["alert_rule_test"]))
        .filter(isRecord)
        .flatMap((test) => stringAt(test, ["alertname"]) ?? []),
    ),
  );
}

function rulesOf(value: unknown): string[] {
  return listAt(value, ["rule_files"]).filter((path) => typeof path === "string");
}

/** A path of a test may be a pattern in its last part. */
function matches(pattern: string | undefined, path: string): boolean {
  if (pattern === undefined || !/[*?]/.test(pattern)) return pattern === path;
  const source = pattern
    .replace(/[^\w/*?-]/g, "\\$&")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  return new RegExp(`^${source}$`).test(path);
}
