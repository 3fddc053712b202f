import type { ErrorUse } from "./error-codes.ts";
import { cell, GENERATED } from "./markdown.ts";

const EXIT_CODES: Record<string, string> = {
  UserError: "2",
  PolicyError: "3",
  ExternalError: "1",
  OutcomeUnknown: "4",
  Bug: "1",
};

const INTRO = `# Error codes

${GENERATED}

An error is one line on standard error: \`error CODE: what is wrong; what to do next\`; several mistakes of a manifest are a line each. \`--verbose\` adds the stack. With \`--json\` the line
is \`{"error":{"code":…,"message":…,"next":…,"exitCode":…}}\`, the same as the HTTP interface answers.
The code is stable; the words may change. \`<…>\` stands for a value. A rollout or an incident has the same codes as its reason;
those without an exit code appear only there.

Exit codes: 0 done, 1 something outside failed, 2 wrong usage or configuration, 3 refused by policy (a lock, a rollout in progress, an answer of no),
4 begun, but how it ended is not known.

| code | message | next step | exit |
|---|---|---|---|
`;

/** The reference page of all error codes, in alphabetical order, one row a code. */
export function errorsPage(uses: ErrorUse[]): string {
  const codes = [...new Set(uses.map(({ code }) => code))].sort();
  return `${INTRO}${codes
    .map((code) =>
      row(
        code,
        uses.filter((use) => use.code === code),
      ),
    )
    .join("\n")}\n`;
}

function row(code: string, uses: ErrorUse[]): string {
  const messages = distinct(uses.flatMap((use) => use.messages));
  const nexts = distinct(uses.flatMap((use) => use.nexts));
  const exits = distinct(uses.flatMap(({ kind }) => EXIT_CODES[kind ?? ""] ?? [])).sort();
  const columns = [`<a id="${code.toLowerCase()}"></a>\`${code}\``, list(messages), list(nexts), exits.join(", ")];
  return `| ${columns.join(" | ")} |`;
}

function list(texts: string[]): string {
  return texts.map((text) => cell(text)).join("<br>");
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts)].filter((text) => text.trim() !== "");
}
