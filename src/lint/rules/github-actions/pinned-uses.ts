import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";
import { complain, placeOf } from "../places.ts";
import type { Uses } from "./uses.ts";
import { stepsOf, workflowOf } from "./workflow.ts";

/** SM20 */
export const pinnedUses: Rule = {
  id: "SM20",
  title: "actions are pinned to a commit, with its version beside it",
  help: "What runs in a pipeline is the code that somebody has looked at.",
  severity: "warning",
  origins: ["unpinned-uses", "ref-version-mismatch"],
  kinds: ["github-actions"],
  check: (file, { files }) => [...pinsIn(file).flatMap(ofUse), ...disagreements(file, files)],
};

interface Pin {
  file: string;
  uses: Uses;
  /** Version in the comment behind it. */
  version: string | undefined;
  complain(message: string, severity?: Complaint["severity"]): Complaint;
}

const COMMIT = /^[\da-f]{40}(?:[\da-f]{24})?$/;
/** Owned by GitHub itself. */
const FIRST_PARTY = /^(?:actions|github)\//;

function ofUse({ uses, version, complain: tell }: Pin): Complaint[] {
  if (uses.kind === "docker")
    return uses.image.includes("@sha256:") ? [] : [tell(`${uses.raw} may change: add the digest, \`@sha256:…\``)];
  if (uses.kind === "local" || uses.raw.includes("${{")) return [];
  const { ref, name } = uses;
  if (ref === undefined) return [tell(`${uses.raw} names no version: pin it to a commit`, "error")];
  if (COMMIT.test(ref))
    return version === undefined ? [tell(`write the version behind the commit of ${name}: \`# v1.2.3\``, "note")] : [];
  if (/^[\da-f]{7,39}$/.test(ref)) return [tell(`${ref} is a short commit: write all 40 digits`)];
  const what = /^v?\d/.test(ref) ? "tag" : "branch or tag";
  const message = `${name} is at the ${what} ${ref}, which its owner can move: pin the commit, with \`# ${ref}\` behind it`;
  return [tell(message, FIRST_PARTY.test(name) && what === "tag" ? "note" : "warning")];
}

function pinsIn(file: LintFile): Pin[] {
  const workflow = workflowOf(file);
  const found = stepsOf(file);
  if (!found) return [];
  const { document } = found;
  const calls = (workflow?.jobs ?? []).map(({ calls, path }) => ({ uses: calls, path }));
  return [...calls, ...found.steps].flatMap(({ uses, path }) => {
    if (!uses) return [];
    const place = [...path, "uses"];
    const comment = /#(.*)$/.exec((file.lines[placeOf(document, place).line - 1] ?? "").split(uses.raw)[1] ?? "")?.[1];
    return [
      {
        file: file.path,
        uses,
        version: /(?:^|[^\w.])(v?\d+(?:\.\d+)*(?:[-+][\w.]+)?|main|master)(?![\w.])/.exec(comment ?? "")?.[1],
        complain: (message, severity) => complain(document, place, message, severity ? { severity } : {}),
      },
    ];
  });
}

const EXACT = /^v?\d+\.\d+\.\d+/;

/** The same exact version of an action at different commits, or the same commit called by different versions. */
function disagreements(file: LintFile, files: readonly LintFile[]): Complaint[] {
  const all = files.filter(({ kind }) => kind === "github-actions").flatMap(pinsIn);
  return pinsIn(file).flatMap((pin) => {
    const own = commitOf(pin);
    if (!own || !EXACT.test(pin.version ?? "")) return [];
    const other = all.find((candidate) => {
      const { version } = candidate;
      const commit = commitOf(candidate);
      if (commit?.name !== own.name || !EXACT.test(version ?? "")) return false;
      return (commit.ref === own.ref) !== (bare(version) === bare(pin.version));
    });
    if (!other) return [];
    const message = `${own.name}: the comment says ${pin.version}, but ${other.file} has ${other.version} at ${commitOf(other)?.ref.slice(0, 7)}: one of them is wrong`;
    return [pin.complain(message)];
  });
}

function commitOf({ uses }: Pin): { name: string; ref: string } | undefined {
  return uses.kind === "repository" && COMMIT.test(uses.ref ?? "")
    ? { name: uses.name, ref: uses.ref ?? "" }
    : undefined;
}

function bare(version = ""): string {
  return version.replace(/^v/, "");
}
