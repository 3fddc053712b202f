import { isRecord, listAt, recordAt, stringAt } from "../../formats/document.ts";
import { folderOf, joinPath } from "../../formats/tree.ts";
import type { LintFile } from "../lint-file.ts";
import type { RuleContext } from "../rule.ts";

/** Somewhere says how an image is built: from which folder, by which file. */
export interface Build {
  context: string;
  dockerfile: string;
  /** Folders of the image that this run hides behind one of the machine. */
  mounts: readonly string[];
  /** Whether it is a setting; a command line in a script may stand in another folder. */
  sure: boolean;
}

const KNOWN = new WeakMap<RuleContext, Build[]>();

/** All builds that Compose files and workflows of the tree name. */
export function buildsOf(context: RuleContext): readonly Build[] {
  const known = KNOWN.get(context) ?? [...context.files.flatMap(buildsIn), ...scripts(context).flatMap(commands)];
  KNOWN.set(context, known);
  return known;
}

function buildsIn(file: LintFile): Build[] {
  const value = file.documents()[0]?.value;
  if (file.kind === "compose")
    return Object.values(recordAt(value, ["services"])).flatMap((service) => composed(service, folderOf(file.path)));
  if (file.kind !== "github-actions") return [];
  return Object.values(recordAt(value, ["jobs"])).flatMap((job) =>
    listAt(job, ["steps"]).flatMap((step) => {
      if (!/build-push-action/.test(stringAt(step, ["uses"]) ?? "")) return [];
      return built(stringAt(step, ["with", "context"]) ?? ".", stringAt(step, ["with", "file"]), {
        from: ".",
        fileFrom: ".",
      });
    }),
  );
}

function composed(service: unknown, folder: string): Build[] {
  const build = isRecord(service) ? service.build : undefined;
  const mounts = listAt(service, ["volumes"]).flatMap((volume) => mountOf(volume));
  if (typeof build === "string") return built(build, undefined, { from: folder, mounts });
  if (!isRecord(build)) return [];
  return built(stringAt(build, ["context"]) ?? ".", stringAt(build, ["dockerfile"]), { from: folder, mounts });
}

/** `dockerfile` is relative to the context, except where a workflow names it. */
function built(
  context: string,
  dockerfile: string | undefined,
  { from, fileFrom, mounts = [] }: { from: string; fileFrom?: string; mounts?: string[] },
): Build[] {
  if (/\$|^(?:https?|git|ssh):|\.git(?:#|$)/.test(context) || /\$/.test(dockerfile ?? "")) return [];
  const root = joinPath(from, context);
  const file = root && joinPath(dockerfile === undefined ? root : (fileFrom ?? root), dockerfile ?? "Dockerfile");
  return root && file ? [{ context: root, dockerfile: file, mounts, sure: true }] : [];
}

/** Texts in which people build images by hand. */
function scripts({ files, tree }: RuleContext): string[] {
  const known = files.filter(({ kind }) => kind === "github-actions" || kind === "gitlab-ci" || kind === "jenkinsfile");
  const others = ["Makefile", "justfile", "Taskfile.yml", "package.json"].flatMap((path) =>
    tree.has(path) ? (tree.text(path) ?? []) : [],
  );
  return [...known.map(({ text }) => text), ...others];
}

/** `docker build -f docker/api.Dockerfile services/api`. */
function commands(text: string): Build[] {
  return [...text.replace(/\\\n\s*/g, " ").matchAll(/\bdocker (?:buildx )?build ([^\n;&|]{1,400})/g)].flatMap(
    ([, rest = ""]) => {
      const words = rest
        .replace(/["'`].*$/, "")
        .trim()
        .split(/\s+/);
      const flag = words.findIndex((word) => word === "-f" || word === "--file");
      const file = flag === -1 ? words.find((word) => word.startsWith("--file="))?.slice(7) : words[flag + 1];
      const context = words.at(-1) ?? "";
      if (!/^[\w./-]+$/.test(context) || context.startsWith("-") || words.length - 1 === flag + 1) return [];
      return built(context, file, { from: ".", ...(file === undefined ? {} : { fileFrom: "." }) }).map((build) => ({
        ...build,
        sure: false,
      }));
    },
  );
}

/** The target of a bind mount: `./src:/app/src`. */
function mountOf(volume: unknown): string[] {
  if (typeof volume === "string") {
    const target = /^(?:\.{0,2}\/|~|\.|\$\{?\w+)[^:]*:([^:]+)/.exec(volume)?.[1];
    return target ? [target] : [];
  }
  const target = isRecord(volume) && volume.type === "bind" ? stringAt(volume, ["target"]) : undefined;
  return target ? [target] : [];
}
