import type { DockerfileDocument } from "../../../../formats/dockerfile/read.ts";
import type { Written } from "../commands/words.ts";
import { type Image, sourcesOf } from "./image.ts";

/** The archive that a command starts, and one that an image has in parts. */
const JAR = /(-jar["'\s,]+)([^\s"',]+\.[jw]ar)(?![\w.])/;
const PARTS = /\bjava\b(?!.*-jar\b).*(?:\b(?:Jar|War)Launcher\b|-(?:cp|classpath)\s+\S*app\b)/;
/** Arguments that say how much memory there is, not what is done. */
const PLAIN = /^(?:exec\s+)?(?:\S*\/)?java(?:\s+(?:-[XD]\S+|--(?:enable|add)-\S+|\$\{?\w+\}?))*\s+-jar\s+\S+$/;
const BUILT = /(?:^|\/)((?:target|build\/libs|build\/install|out)\/\S+)$/;

/**
 * The command of an image with the archive as the build leaves it: the image may have it under another name. Undefined where only the
 * build knows which it is, so that the command says nothing.
 */
export function withBuiltArchive(image: Image, document: DockerfileDocument, written: Written): Written | undefined {
  const text = typeof written === "string" ? written : written.join(" ");
  if (PARTS.test(text)) return undefined;
  const archive = JAR.exec(text)?.[2];
  if (archive === undefined || /[*$]/.test(archive) || BUILT.test(archive)) return written;
  const from = sourceOf(image, document, archive);
  const isOne = from !== undefined && !/[*?$[]/.test(from);
  if (!isOne) return PLAIN.test(text.trim()) ? undefined : written;
  return typeof written === "string"
    ? written.replace(archive, from)
    : written.map((word) => (word === archive ? from : word.replace(` ${archive}`, ` ${from}`)));
}

/** Where a file of the image is copied from, relative to the folder where the stage or the context has the repository. */
function sourceOf(image: Image, document: DockerfileDocument, path: string): string | undefined {
  const absolute = (word: string) =>
    word.startsWith("/") ? word : `${image.folder === "/" ? "" : image.folder}/${word.replace(/^\.\//, "")}`;
  const copy = image.all.findLast(({ keyword, expanded }) => {
    const words = expanded.split(/\s+/).filter((word) => !word.startsWith("--"));
    return /^(?:COPY|ADD)$/.test(keyword) && words.length === 2 && absolute(words[1] ?? "") === absolute(path);
  });
  const [source = ""] = (copy?.expanded ?? "").split(/\s+/).filter((word) => !word.startsWith("--"));
  if (!copy || source === "") return undefined;
  if (!source.startsWith("/")) return source;
  const name = copy.flags.find((flag) => flag.name === "from")?.value;
  const stage = sourcesOf(image.stage, document.stages).find((one) => one.name === name || String(one.index) === name);
  const folder = stage?.instructions.findLast(({ keyword }) => keyword === "WORKDIR")?.words[0]?.replace(/\/+$/, "");
  if (folder !== undefined && source.startsWith(`${folder}/`)) return source.slice(folder.length + 1);
  return BUILT.exec(source)?.[1];
}
