import { createHash } from "node:crypto";
import type { Place } from "../formats/document.ts";
import { places } from "../formats/text.ts";
import type { Tree } from "../formats/tree.ts";
import type { Finding } from "./finding.ts";
import { RULES } from "./registry.ts";
import { PATTERNS } from "./secrets/patterns.ts";

export interface SarifOptions {
  tree: Tree;
  /** Of this program. */
  version: string;
  /** Leads from the repository to the tree, with `/` at the end: code scanning knows paths of the repository only. */
  prefix?: string;
}

interface Descriptor {
  id: string;
  title: string;
  help: string;
  level: Finding["severity"];
  tags: string[];
}

const ROOT = { uriBaseId: "%SRCROOT%" } as const;

/** Findings as a log in SARIF 2.1.0. */
export function sarifOf(
  findings: readonly Finding[],
  { tree, version, prefix = "" }: SarifOptions,
): Record<string, unknown> {
  const rules = descriptorsOf(findings);
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  const prints = fingerprinter(tree, prefix);
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "stationmaster", semanticVersion: version, rules: rules.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) =>
          resultOf(finding, { index: index.get(finding.rule) ?? -1, tree, prefix, print: prints(finding) }),
        ),
      },
    ],
  };
}

function ruleOf({ id, title, help, level, tags }: Descriptor) {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: help },
    help: { text: `${help}\n\nTo keep it as it is, write above the line: # stationmaster-ignore ${id}: why` },
    defaultConfiguration: { level },
    properties: { tags },
  };
}

/** All rules, and what else is among the findings: validators, secrets. */
function descriptorsOf(findings: readonly Finding[]): Descriptor[] {
  const own = RULES.map(({ id, title, help, severity, origins, cis, kinds }) => ({
    id,
    title,
    help: help ?? title,
    level: severity,
    tags: [...kinds, ...origins, ...(cis ? [`CIS ${cis}`] : [])],
  }));
  const known = new Set(own.map(({ id }) => id));
  const others = [...new Map(findings.map(({ rule, severity }) => [rule, severity]))].filter(([id]) => !known.has(id));
  return [
    ...own,
    ...others.sort().map(([id, level]) => ({
      id,
      level,
      title: titleOf(id),
      help: titleOf(id),
      tags: [id.startsWith("secret-") ? "secret" : "validator"],
    })),
  ];
}

function titleOf(id: string): string {
  const secret = PATTERNS.find((pattern) => pattern.id === id);
  if (secret) return `${secret.title} in a file`;
  return id.startsWith("secret-") ? "a secret in a file" : `what ${id} refuses`;
}

function resultOf(
  { rule, severity, file, line, column, endLine, message, suppressed, fix }: Finding,
  { index, tree, prefix, print }: { index: number; tree: Tree; prefix: string; print: string },
) {
  const artifactLocation = {
    uri: encodeURI((prefix + file).toWellFormed())
      .replaceAll("#", "%23")
      .replaceAll("?", "%3F"),
    ...ROOT,
  };
  const region = {
    startLine: line,
    ...(column === undefined ? {} : { startColumn: column }),
    ...(endLine === undefined || endLine < line ? {} : { endLine }),
  };
  const at = places(tree.text(file) ?? "");
  return {
    ruleId: rule,
    ruleIndex: index,
    level: severity,
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation, region } }],
    partialFingerprints: { "stationmaster/v1": print, primaryLocationLineHash: print },
    ...(suppressed
      ? {
          suppressions: [
            {
              kind: suppressed.by === "comment" ? "inSource" : "external",
              status: "accepted",
              justification: suppressed.reason,
            },
          ],
        }
      : {}),
    ...(fix
      ? {
          fixes: [
            {
              description: { text: fix.description },
              artifactChanges: [
                {
                  artifactLocation,
                  replacements: fix.edits.map(({ start, end, text }) => ({
                    deletedRegion: regionOf(at(start), at(end)),
                    insertedContent: { text },
                  })),
                },
              ],
            },
          ],
        }
      : {}),
  };
}

function regionOf(start: Place, end: Place) {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** What stays the same where lines move: rule, path and the words around; equal ones are counted. */
function fingerprinter(tree: Tree, prefix: string): (finding: Finding) => string {
  const seen = new Map<string, number>();
  return ({ rule, file, line }) => {
    const text = (tree.text(file) ?? "").split("\n")[line - 1] ?? "";
    // Nobody shall try passwords against a hash of the line.
    const words = rule.startsWith("secret-") ? text.replace(/[:=].*$/, "") : text;
    const context = [rule, prefix + file, words.replace(/\s+/g, " ").trim()].join("\0");
    const count = (seen.get(context) ?? 0) + 1;
    seen.set(context, count);
    return `${createHash("sha256").update(context).digest("hex").slice(0, 32)}:${count}`;
  };
}
