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
}

const KNOWN = new WeakMap<RuleContext, Build[]>();

/** All builds that Compose files and workflows of the tree name. */
export function buildsOf(context: RuleContext): readonly Build[] {
  const known = KNOWN.get(context) ?? context.files.flatMap(buildsIn);
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
  return root && file ? [{ context: root, dockerfile: file, mounts }] : [];
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
