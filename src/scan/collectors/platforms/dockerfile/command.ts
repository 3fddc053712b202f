import { baseOf, joinPath } from "../../../../formats/tree.ts";
import type { Snapshot } from "../../../snapshot.ts";
import type { Written } from "../commands/words.ts";
import { unwrap } from "../commands/wrappers.ts";
import { callsFunctions, withEntrypoint } from "../images/entrypoints.ts";
import { type Image, withPaths } from "./image.ts";

/** Scripts of base images that run what they are given. */
const OF_IMAGES =
  /^(?:\S*\/)?(?:docker-(?:php-)?entrypoint(?:\.sh)?|docker-node-entrypoint(?:\.sh)?|nvidia_entrypoint\.sh|s6-svscan|\/init|init)$/;

const LAUNCHER = /(?:^|\/)(?:run-java\.sh|s2i\/run)$/;

/** What the image starts: entrypoint and command together, paths of its working folder relative to it. */
export function commandOf(
  snapshot: Snapshot,
  image: Image,
  context: string,
): { written: Written; line: number } | undefined {
  const { entrypoint, command, stage, folder } = image;
  const main = command ?? entrypoint;
  if (!main || callsFunctions(image.base)) return undefined;
  // The launcher of a base image finds the program by itself: it says nothing of it.
  if (LAUNCHER.test((main.exec ?? main.argument.split(/\s+/))[0] ?? "")) return undefined;
  const { line } = main;
  const words = (list: readonly string[]) => list.map((word) => withPaths(word, stage.env));
  const shell = (text: string) => inFolder(withPaths(text, stage.env), folder);
  if (entrypoint && !entrypoint.exec) return { written: shell(entrypoint.argument), line: entrypoint.line };
  if (!entrypoint?.exec)
    return {
      written: command?.exec ? relative(withEntrypoint(image.base, words(command.exec)), folder) : shell(main.argument),
      line,
    };
  const later = command && (command.exec ? words(command.exec) : ["sh", "-c", shell(command.argument)]);
  const first = unwrap(words(entrypoint.exec));
  // `["sh", "-c"]` of the entrypoint takes the command as its script.
  if (SHELL.test(first[0] ?? "") && first.at(-1) === "-c" && later) return { written: [...first, ...later], line };
  const script = first.find((word) => !SHELL.test(word) && !word.startsWith("-")) ?? "";
  const own = scriptAt(snapshot, context, script);
  const handsOn =
    later &&
    (own === undefined ? OF_IMAGES.test(entrypoint.exec[0] ?? "") : passes(snapshot.text(own) ?? "", later[0] ?? ""));
  return { written: relative(handsOn ? later : [...first, ...(later ?? [])], folder), line };
}

const SHELL = /(?:^|\/)(?:ba|a|da)?sh$/;

/** The script of the repository that an image starts with. */
function scriptAt(snapshot: Snapshot, context: string, script: string): string | undefined {
  const base = baseOf(script);
  if (base === "") return undefined;
  const near = joinPath(context, script.replace(/^\//, ""));
  return near !== undefined && snapshot.has(near) ? near : snapshot.named(base)[0];
}

/** Whether a script ends with what it was given, and has no answer of its own to that word: `server) exec gunicorn`. */
function passes(text: string, word: string): boolean {
  const name = word.replace(/[^\w-]/g, "\\$&");
  const answers = new RegExp(`^[^\\S\\n]*(?:[\\w"'|* -]*\\|\\s*)?["']?${name}["']?(?:\\s*\\|[^)\\n]*)?\\)`, "m");
  if (word !== "" && /\bcase\b/.test(text) && answers.test(text)) return false;
  return /(?:^|[\s;&])(?:exec\s+)?(?:\S+\s+)*"?(?:\$@|\$\{@\}|\$\*)"?/m.test(text);
}

/** Words with paths of the working folder relative to it; a program there as shells start it. */
function relative(argv: readonly string[], folder: string): string[] {
  const inside = (word: string) =>
    folder.length > 1 && word.startsWith(`${folder}/`) ? word.slice(folder.length + 1) : undefined;
  const [program = "", ...rest] = unwrap(argv);
  const own = inside(program);
  return [own === undefined ? program : `./${own}`, ...rest.map((word) => inside(word) ?? word)];
}

function inFolder(text: string, folder: string): string {
  if (folder.length < 2) return text;
  const escaped = folder.replace(/[^\w/]/g, "\\$&");
  return text
    .replace(new RegExp(`(^|[;&|]\\s*|exec\\s+)${escaped}/(?=\\w)`, "g"), "$1./")
    .replace(new RegExp(`(^|[\\s=:"'])${escaped}/(?=\\w)`, "g"), "$1");
}
