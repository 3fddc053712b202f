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

const pins = new WeakMap<LintFile, readonly Pin[]>();

function pinsIn(file: LintFile): readonly Pin[] {
  const known = pins.get(file) ?? readPins(file);
  pins.set(file, known);
  return known;
}

function readPins(file: LintFile): Pin[] {
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

/** A pin to a commit with an exact version behind it. */
interface Exact {
  pin: Pin;
  name: string;
  ref: string;
  version: string;
}
const exact = new WeakMap<readonly LintFile[], ReadonlyMap<string, readonly Exact[]>>();

/** Those of all workflows by the name of the action, one for each commit and version. */
function exactPins(files: readonly LintFile[]): ReadonlyMap<string, readonly Exact[]> {
  const known = exact.get(files) ?? readExactPins(files);
  exact.set(files, known);
  return known;
}

function readExactPins(files: readonly LintFile[]): Map<string, Exact[]> {
  const all = files.filter(({ kind }) => kind === "github-actions").flatMap(pinsIn);
  const first = new Map<string, Exact>();
  for (const pin of all) {
    const one = exactOf(pin);
    const key = one && `${one.name} ${one.ref} ${one.version}`;
    if (key !== undefined && !first.has(key)) first.set(key, one as Exact);
  }
  return Map.groupBy(first.values(), ({ name }) => name);
}

function exactOf(pin: Pin): Exact | undefined {
  const { uses, version = "" } = pin;
  if (uses.kind !== "repository" || !COMMIT.test(uses.ref ?? "") || !EXACT.test(version)) return undefined;
  return { pin, name: uses.name, ref: uses.ref ?? "", version: version.replace(/^v/, "") };
}

/** The same exact version of an action at different commits, or the same commit called by different versions. */
function disagreements(file: LintFile, files: readonly LintFile[]): Complaint[] {
  return pinsIn(file).flatMap((pin) => {
    const own = exactOf(pin);
    const other =
      own &&
      exactPins(files)
        .get(own.name)
        ?.find(({ ref, version }) => (ref === own.ref) !== (version === own.version));
    if (!other) return [];
    const message = `${own.name}: the comment says ${pin.version}, but ${other.pin.file} has ${other.pin.version} at ${other.ref.slice(0, 7)}: one of them is wrong`;
    return [pin.complain(message)];
  });
}
