import type { Path } from "../../../../formats/document.ts";
import { baseOf, joinPath } from "../../../../formats/tree.ts";
import { shellCommands } from "../../../command-line.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { textOf } from "../commands/words.ts";
import { imageRuntime } from "../images/runtimes.ts";
import { filesLike } from "../names.ts";
import { type Platform, type Seen, type Site, seenIn } from "../platform.ts";
import { roleOfCommand } from "./commands.ts";
import { githubSteps, listedSteps, type Step } from "./steps.ts";

/** What a pipeline shows counts where nothing else says it. */
const WORTH = { source: "convention", confidence: 0.6 } as const;

/** Pipelines by their file; those without `steps` are programs, and only listed. */
const PIPELINES: readonly { id: string; file: RegExp; steps?: (value: unknown) => Step[] }[] = [
  { id: "github-actions", file: /^\.github\/workflows\/[^/]+\.ya?ml$/, steps: githubSteps },
  { id: "gitlab-ci", file: /^\.gitlab-ci\.ya?ml$/, steps: listedSteps },
  { id: "circleci", file: /^\.circleci\/config\.ya?ml$/, steps: listedSteps },
  {
    id: "azure-pipelines",
    file: /^(?:\.azure\/|\.?azure-?pipelines\/)?azure-pipelines[\w.-]*\.ya?ml$/,
    steps: listedSteps,
  },
  { id: "bitbucket-pipelines", file: /^bitbucket-pipelines\.ya?ml$/, steps: listedSteps },
  { id: "travis", file: /^\.travis\.ya?ml$/, steps: listedSteps },
  { id: "jenkins", file: /^(?:.*\/)?Jenkinsfile(?:\.[\w-]+)?$/ },
];

export const pipelines: readonly Platform[] = PIPELINES.map(({ id, file: pattern, steps }) => ({
  id,
  reads: [pattern.source],
  find: (snapshot) => pathsLike(snapshot, pattern),
  read(site) {
    if (steps) tellSteps(site, site.files.toSorted(byName), steps);
  },
}));

/** Workflows of tests before those of releases and other things. */
function byName(a: string, b: string): number {
  const rank = (path: string) => (/(?:^|[-_.])(?:ci|tests?|build|main|check)(?:[-_.]|$)/i.test(baseOf(path)) ? 0 : 1);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function pathsLike(snapshot: Snapshot, pattern: RegExp): string[] {
  const bases = filesLike(snapshot, /\.ya?ml$|^Jenkinsfile/);
  return bases.filter((path) => pattern.test(path));
}

function tellSteps(site: Site, files: readonly string[], read: (value: unknown) => Step[]): void {
  const taken = new Set<string>();
  /** The first of its kind for a folder is told. */
  const once = (kind: string, folder: string) => {
    const key = `${kind} ${folder}`;
    const isNew = !taken.has(key);
    taken.add(key);
    return isNew;
  };
  for (const file of files) {
    const document = site.snapshot.yaml(file);
    const at = seenIn(file, document);
    for (const step of read(document.value)) {
      const seen = (rule: string, path: Path = step.path): Seen => ({ ...at(...path), ...WORTH, rule });
      const folder = joinPath(".", `./${step.folder}`);
      const runtime = step.runtime ?? (step.image === undefined ? undefined : imageRuntime(step.image));
      if (folder === undefined) continue;
      if (runtime?.version && once("runtime", folder))
        site.about(file, folder).claim("runtime", { name: runtime.name, version: runtime.version }, seen("runtime"));
      if (step.run !== undefined) tellRun(site, { file, folder, run: step.run }, seen, once);
    }
  }
}

function tellRun(
  site: Site,
  { file, folder, run }: { file: string; folder: string; run: string },
  seen: (rule: string) => Seen,
  once: (kind: string, folder: string) => boolean,
): void {
  let here: string | undefined = folder;
  for (const { env, argv } of shellCommands(run.replace(/\\\n/g, " "))) {
    if (argv[0] === "cd")
      here = argv[1] === undefined || /[$]/.test(argv[1]) ? undefined : joinPath(here ?? folder, `./${argv[1]}`);
    if (here === undefined || argv[0] === "cd" || argv.some((word) => word.includes("${{"))) continue;
    const command = argv.join(" ");
    const { test, build, manager } = roleOfCommand(command);
    const about = site.about(file, here);
    const words = textOf({ env: Object.entries(env), argv });
    if (test && once("test", here)) about.claim("test", words, seen("test"));
    if (build && once("build", here)) about.claim("build", words, seen("build"));
    if (manager !== undefined && once("manager", here)) about.claim("packageManager", manager, seen("manager"));
  }
}
