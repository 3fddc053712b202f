import type { DockerfileInstruction } from "../../../formats/dockerfile/instruction.ts";
import type { DockerfileDocument } from "../../../formats/dockerfile/read.ts";
import { at, chainOf, commandsOf, dockerfileOf, isWindows } from "../../dockerfile.ts";
import type { Complaint, Edit, Fix } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule } from "../../rule.ts";
import type { ShellStep } from "../../shell.ts";

const ASSUMES_YES = /^(?:-[a-z]*y[a-z]*|--yes|--assume-yes|-qq+[a-z]*|-q=[2-9])$/;
const NO_RECOMMENDS = /^--no-install-recommends$|^--install-recommends=(?:false|0)$|^--no-install-suggests$/;
const REMOVES_LISTS =
  /\/var\/lib\/apt(?:\/lists)?(?:\/\*|\/)?(?=["'\s;&|)]|$)|\/var\/lib\/\{[^}]*apt|\/var\/lib\/apt\/lists\//;

/** SM07 */
export const apt: Rule = {
  id: "SM07",
  title: "apt-get with -y and --no-install-recommends, its lists removed",
  help: "Without -y the build stops at a question; recommended packages and lists make the image larger and give scanners more to report.",
  severity: "warning",
  origins: ["DL3014", "DL3015", "DL3009", "DL3027", "DL3008"],
  kinds: ["dockerfile"],
  fixable: true,
  check(file) {
    const document = dockerfileOf(file);
    const last = document.stages.at(-1);
    const kept = new Set(last ? chainOf(document, last) : []);
    return document.stages.flatMap((stage) => {
      if (isWindows(document, stage)) return [];
      const settings = stage.instructions.map(
        ({ argument, heredocs }) => argument + heredocs.map(({ text }) => text).join(),
      );
      const site = {
        file,
        // What a stage leaves behind that is thrown away costs nobody anything.
        kept: kept.has(stage),
        yes: settings.some((text) => /APT::Get::Assume-Yes/i.test(text)),
        // Another RUN that installs without an update of its own needs the lists.
        needed: runsOf(document).some((run) => {
          const verbs = commandsOf(file, run).flatMap(({ argv }) => (isApt(argv) ? argv : []));
          return verbs.includes("install") && !verbs.includes("update");
        }),
        recommends: settings.some((text) => /APT::Install-Recommends["'\s=:]+(?:0|false|no)/i.test(text)),
      };
      return stage.instructions
        .filter(({ keyword }) => keyword === "RUN")
        .flatMap((instruction) => ofRun(instruction, site));
    });
  },
};

interface Site {
  file: LintFile;
  kept: boolean;
  yes: boolean;
  needed: boolean;
  recommends: boolean;
}

function ofRun(instruction: DockerfileInstruction, site: Site): Complaint[] {
  const steps = commandsOf(site.file, instruction).filter(({ argv }) => isApt(argv));
  return [...steps.flatMap((step) => ofStep(step, instruction, site)), ...lists(steps, instruction, site)];
}

function ofStep(
  step: ShellStep,
  instruction: DockerfileInstruction,
  { file, kept, yes, recommends }: Site,
): Complaint[] {
  const program = step.words.find(({ text }) => /^(?:apt|apt-get)$/.test(text));
  const verb = step.words.find(({ text }) => /^(?:install|upgrade|dist-upgrade|full-upgrade|build-dep)$/.test(text));
  const found: Complaint[] = [];
  const exact = instruction.exec === null;
  const insert = (at: number, text: string): Edit[] => [{ start: at, end: at, text }];
  const add = (offset: number, message: string, fix?: Fix) =>
    found.push(at(file, offset, message, exact && fix ? { fix } : {}));
  if (program?.text === "apt")
    add(step.start, "apt is for people, its options change: use apt-get", {
      description: "write apt-get",
      edits: [{ start: program.start, end: program.end, text: "apt-get" }],
    });
  if (!verb || !program) return found;
  const options = step.argv.filter((word) => word.startsWith("-"));
  if (!yes && !options.some((option) => ASSUMES_YES.test(option)) && !/APT::Get::Assume-Yes/i.test(step.argv.join(" ")))
    add(verb.start, `apt-get ${verb.text} asks before it begins: add -y`, {
      description: "add -y",
      edits: insert(verb.end, " -y"),
    });
  const lean =
    recommends ||
    options.some((option) => NO_RECOMMENDS.test(option)) ||
    /Install-Recommends=(?:0|false)/i.test(step.argv.join(" "));
  if (kept && verb.text === "install" && !lean)
    add(
      verb.start,
      "apt-get install takes recommended packages too: add --no-install-recommends, and name what is really needed",
    );
  return found;
}

function lists(
  steps: readonly ShellStep[],
  instruction: DockerfileInstruction,
  { file, kept, needed }: Site,
): Complaint[] {
  const update = steps.find(({ argv }) => argv.includes("update"));
  if (!update || !kept) return [];
  const cached = instruction.flags.some(
    ({ name, value }) => name === "mount" && /type=(?:cache|tmpfs).*\/(?:var\/)?lib\/apt/.test(value ?? ""),
  );
  const text = instruction.argument + instruction.heredocs.map((document) => document.text).join("\n");
  if (cached || (/\brm\b/.test(text) && REMOVES_LISTS.test(text)) || /apt-get\s+(?:-\S+\s+)*distclean/.test(text))
    return [];
  const all = commandsOf(file, instruction);
  const chained =
    !needed &&
    instruction.exec === null &&
    all.every(({ next, depth }) => depth === 0 && (next === "&&" || next === ""));
  const last = all.at(-1);
  const fix: Fix | undefined =
    chained && last && instruction.heredocs.length === 0 && all.some(({ argv }) => argv.includes("install"))
      ? {
          description: "remove the lists at the end of the same RUN",
          edits: [{ start: last.end, end: last.end, text: " && rm -rf /var/lib/apt/lists/*" }],
        }
      : undefined;
  return [
    at(
      file,
      update.start,
      "the lists of apt stay in the layer: end this RUN with rm -rf /var/lib/apt/lists/*",
      fix ? { fix } : {},
    ),
  ];
}

function runsOf({ stages }: DockerfileDocument): DockerfileInstruction[] {
  return stages.flatMap(({ instructions }) => instructions.filter(({ keyword }) => keyword === "RUN"));
}

function isApt(argv: readonly string[]): boolean {
  const own = argv[0] === "sudo" ? argv.slice(1) : argv;
  return own[0] === "apt-get" || own[0] === "apt";
}
