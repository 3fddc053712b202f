import { joinPath } from "../../../../formats/tree.ts";
import { shellCommands } from "../../../command-line.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { lineOf, type Written } from "../commands/words.ts";
import type { Image } from "./image.ts";

/** The command of an image as one types it in its context, where the image works in what it copied out of one folder: `COPY src/ .`. */
export function fromContext(snapshot: Snapshot, image: Image, context: string, written: Written): Written {
  const home = copiedFolder(snapshot, image, context);
  if (home === undefined) return written;
  const line = lineOf(written);
  const words = shellCommands(line).flatMap(({ argv }) => argv);
  const isIn = (folder: string) => words.some((word, index) => holds(snapshot, folder, word, words[index - 1]));
  const inside = joinPath(context, home) as string;
  return isIn(inside) && !isIn(context) ? `cd ${home} && ${line}` : written;
}

/** The folder of the context that lies in the working folder; undefined where all of it, or nothing, lies there. */
function copiedFolder(snapshot: Snapshot, { all, folder }: Image, context: string): string | undefined {
  let at = "/";
  const homes = all.flatMap(({ keyword, flags, words }): string[] => {
    if (keyword === "WORKDIR") at = within(at, words[0] ?? "");
    if (!(keyword === "COPY" || keyword === "ADD") || words.length !== 2) return [];
    if (flags.some(({ name }) => name === "from")) return [];
    const [source = "", target = ""] = words;
    const path = within(at, target);
    const below = path === "/" ? folder.slice(1) : folder.slice(path.length + 1);
    if (folder !== path && !folder.startsWith(path === "/" ? path : `${path}/`)) return [];
    const home = joinPath(joinPath(".", source.replace(/^\//, "")) ?? ".", below);
    return home !== undefined && (home === "." || snapshot.folders.includes(joinPath(context, home) ?? ""))
      ? [home]
      : [];
  });
  const [first, ...others] = new Set(homes);
  return first === "." || others.length > 0 ? undefined : first;
}

/** A path of the image, seen from its working folder. */
function within(folder: string, path: string): string {
  const clean = path.replace(/^["']|["']$/g, "").replace(/^\.\/|\/+\.?$/g, "");
  if (path.startsWith("/")) return clean === "" ? "/" : clean;
  return clean === "" || clean === "." ? folder : `${folder === "/" ? "" : folder}/${clean}`;
}

/** Whether a word of a command names a file or a module of a folder. */
function holds(snapshot: Snapshot, folder: string, word: string, before: string | undefined): boolean {
  const module = before === "-m" ? word : /^([A-Za-z_][\w.]*):[\w.]+(?:\(.*\))?$/.exec(word)?.[1];
  const path = module === undefined ? word.replace(/^\.\//, "") : (module.split(".")[0] ?? "");
  if (module === undefined && !/^[\w./-]+\.(?:py|[cm]?[jt]s|rb|php|pl|sh)$/.test(path)) return false;
  const at = joinPath(folder, path);
  if (at === undefined || path === "") return false;
  return module === undefined ? snapshot.has(at) : snapshot.has(`${at}.py`) || snapshot.folders.includes(at);
}
