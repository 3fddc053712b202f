import { baseOf, isIn, joinPath } from "../../../../formats/tree.ts";
import type { Snapshot } from "../../../snapshot.ts";
import { quoted } from "../../javascript/commands/step.ts";
import { copiedScript } from "./copied-scripts.ts";
import { purposeOf } from "./tables.ts";

const SHELL = /^(?:\S*\/)?(?:ba|a|da|z)?sh$/;
const SHEBANG = /^#![^\n]*\b(?:ba|a|da|z)?sh\b/;
/** What makes the order of a script, or what runs beside it, a part of the program. */
const PROGRAM = /<<|(?:^|[^&>])&(?!&|>)|^[^\S\n]*(?:trap|wait|select|coproc)\b|^[^\S\n]*(?:function\s|[\w-]+\s*\(\))/m;
/** What only the script itself can find out. */
const ASKED = /`|\$\(/;
/** A last line that only hands on what the script is given, and does nothing without. */
const HANDS_ON =
  /^(?:exec\s+)?(?:(?:gosu|su-exec)\s+\S+\s+|(?:tini|dumb-init|docker-(?:php-)?entrypoint(?:\.sh)?)\s+(?:--\s+)?)?"?\$(?:@|\{@\}|\*)"?$/;
const OPENS = /^(?:if|while|until|for|case)\b/;
const CLOSES = /^(?:fi|done|esac)\b/;
const WAITS = /^(?:while|until)\b/;
const ARGUMENTS = /"?\$(?:@|\{@\}|\*)"?/g;
/** What a block may hold beside steps of a release: it reads, tells, waits or ends. */
const IDLE_STEP =
  /^(?:then|do|else|echo|printf|sleep|exit|:|true|set|export|test|\[|mkdir|nc|pg_isready|curl|wget)\b|^\[/;

/**
 * The lines that a shell script of the repository comes down to, where it only prepares and then starts a program; undefined for
 * any other, since such a script is the program itself. `argv` is how it is started from `folder`.
 */
export function scriptLines(snapshot: Snapshot, folder: string, argv: readonly string[]): string | undefined {
  const [program = "", ...rest] = argv;
  const isShell = SHELL.test(program);
  const at = isShell ? rest.findIndex((word) => !/^-[eux]+$/.test(word)) : -1;
  const [script = "", ...args] = isShell ? rest.slice(Math.max(at, 0)) : argv;
  const path = script.startsWith("-") || script.includes("$") ? undefined : fileOf(snapshot, folder, script);
  const text = path === undefined ? undefined : snapshot.text(path);
  if (text === undefined || !(isShell || SHEBANG.test(text))) return undefined;
  const all = plainLines(text);
  const isIdle = args.length === 0 && HANDS_ON.test(all?.at(-1) ?? "");
  const lines = isIdle ? all?.slice(0, -1) : all;
  const last = lines?.at(-1);
  if (!lines || last === undefined || (isIdle && purposeOf(last.split(/\s+/)) !== "run")) return undefined;
  const given = last.replace(ARGUMENTS, args.map(quoted).join(" ")).trim();
  const isOpen = /\$(?:[\d#?!]|\{\d)/.test([...lines.slice(0, -1), given].join("\n"));
  if (isOpen || /^(?:exec)?$/.test(given)) return undefined;
  return inlined([...lines.slice(0, -1), given]);
}

/** The file of a script: as it is named from the folder, else what images have there, else the only one below it of that name. */
function fileOf(snapshot: Snapshot, folder: string, script: string): string | undefined {
  if (!/\.(?:sh|bash)$|\//.test(script)) return undefined;
  const near = joinPath(folder, script.replace(/^\/+/, ""));
  if (near !== undefined && snapshot.has(near)) return near;
  if (!script.startsWith("/")) return undefined;
  const copied = copiedScript(snapshot, script);
  if (copied !== undefined) return copied;
  const [only, ...others] = snapshot.named(baseOf(script)).filter((path) => isIn(path, folder));
  return others.length === 0 ? only : undefined;
}

/** Its commands outside of blocks; undefined where a block, or something in the background, does more than to prepare. */
function plainLines(text: string): string[] | undefined {
  const joined = text.replace(/\r/g, "").replace(/\\\n[^\S\n]*/g, " ");
  const lines = joined
    .split("\n")
    .map((line) => line.replace(/^\s*#.*$|\s#(?!\{)[^"']*$/, "").trim())
    .filter((line) => line !== "");
  if (PROGRAM.test(lines.map((line) => line.replace(/'[^']*'/g, "''")).join("\n"))) return undefined;
  const plain: string[] = [];
  let depth = 0;
  for (const line of lines) {
    const inside = depth > 0;
    const isBlock = inside || OPENS.test(line);
    depth +=
      parts(line).filter((part) => OPENS.test(part)).length - parts(line).filter((part) => CLOSES.test(part)).length;
    if (!isBlock && ASKED.test(line) && !/^echo\b/.test(line)) return undefined;
    if (!isClosed(line)) return undefined;
    if (!isBlock) plain.push(line);
    else if (!parts(line).every(onlyPrepares)) return undefined;
  }
  return depth === 0 && plain.length > 0 ? plain : undefined;
}

/** Whether a line ends no text that another one begins. */
function isClosed(line: string): boolean {
  const count = (text: string, mark: string) => text.split(mark).length - 1;
  const bare = line.replace(/\\./g, "").replace(/"[^"]*"|'[^']*'/g, "");
  return count(bare, '"') + count(bare, "'") === 0;
}

function parts(line: string): string[] {
  return line
    .split(/;|&&|\|\|/)
    .map((part) => part.trim().replace(/^(?:then|do|else)\s+/, ""))
    .filter((part) => part !== "");
}

/** Whether a part of a block leaves the program that is started behind it as it is. */
function onlyPrepares(part: string): boolean {
  if (OPENS.test(part) || CLOSES.test(part) || WAITS.test(part) || /^(?:elif|then|do|else)\b/.test(part)) return true;
  if (IDLE_STEP.test(part) || /\)$/.test(part)) return true;
  const purpose = purposeOf(part.split(/\s+/));
  return purpose === "release" || purpose === "preparation";
}

const ASSIGNED = /^(export\s+)?([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)$/;

/** Variables of the script put in where they are used; those of the environment stay, with what stands in for them. */
function inlined(lines: readonly string[]): string | undefined {
  const values = new Map<string, string>();
  const put = (text: string) =>
    text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (all, braced: string | undefined, bare: string | undefined) => {
      return values.get(braced ?? bare ?? "") ?? all;
    });
  const found: string[] = [];
  for (const line of lines) {
    const [, exported, name = "", raw = ""] = ASSIGNED.exec(line) ?? [];
    if (name === "") {
      found.push(put(line));
      continue;
    }
    const value = put(raw.replace(/^(["'])(.*)\1$/, "$2"));
    // `PORT=${PORT:-8000}` is what stands in for a variable that is not set.
    const own = new RegExp(`^\\$\\{${name}:?[-=]([^}]*)\\}$`).exec(value)?.[1];
    const isUsed = lines.some((other) => other !== line && new RegExp(`\\$\\{?${name}\\b`).test(other));
    values.set(name, own === undefined ? value : `\${${name}:-${own}}`);
    if (exported !== undefined && !(own !== undefined && isUsed)) found.push(`export ${name}=${quoted(value)}`);
  }
  return found.length === 0 ? undefined : found.join("\n");
}
