import type { Masked } from "../../../../formats/mask.ts";

/** A part of a file's code. */
export interface Span {
  from: number;
  to: number;
}

/** A property of an object literal. */
export interface Property extends Span {
  /**
   * Names from the outermost object to this one. What is no key is kept as a label: `config=` of a variable, `node()` of a call,
   * so that `adapter: node({ mode: "x" })` has the path `adapter`, `node()`, `mode`.
   */
  path: readonly string[];
  /** Where its name stands; `from` to `to` is its value. */
  keyAt: number;
}

interface Frame {
  labels: readonly string[];
  /** Whether it is an object, so that names before colons are keys. */
  object: boolean;
  open: Property | undefined;
  keyNext: boolean;
}

const KEY = /(?:([A-Za-z_$][\w$]*)|(["'])([^"'\n]*)\2)[^\S\n]*(:(?!:)|(?=[,}]))/y;
const NAME_BEFORE = /([\w$.]+)\s*(?:<[^<>()]*>)?\s*$/;
const ASSIGNED = /(?:(?:const|let|var)\s+)?([\w$.]+)\s*(?::[^=;{}]*)?=\s*$/;
const LOOKBACK = 160;
/** Deeper objects are none that people write. */
const DEEPEST = 50;
const NO_FRAME = (): Frame => ({ labels: [], object: false, open: undefined, keyNext: false });

/** All properties of the object literals of a file. Read as text: nothing is run, and what is no literal is passed over. */
export function propertiesIn({ code, bare }: Masked): Property[] {
  const found: Property[] = [];
  const frames: Frame[] = [];
  for (let at = 0; at < bare.length; at += 1) {
    const char = bare[at] as string;
    const frame = frames.at(-1);
    if (char === "{" || char === "[" || char === "(") {
      frames.push(frames.length < DEEPEST ? openFrame(bare, at, frame) : NO_FRAME());
    } else if (char === "}" || char === "]" || char === ")") {
      close(frame, at);
      frames.pop();
    } else if (char === "," && frame) {
      close(frame, at);
      frame.keyNext = frame.object;
    } else if (frame?.keyNext && /\S/.test(char)) {
      frame.keyNext = false;
      KEY.lastIndex = at;
      const key = KEY.exec(code);
      if (key) {
        const name = key[1] ?? key[3] ?? "";
        const shorthand = key[4] === "";
        const start = shorthand ? at : at + key[0].length;
        frame.open = { path: [...frame.labels, name], keyAt: at, from: start, to: bare.length };
        found.push(frame.open);
        at += key[0].length - 1;
      } else if (char === '"' || char === "'") at = Math.max(at, bare.indexOf(char, at + 1));
    }
  }
  return found;
}

/** The first property at a path of keys; labels of variables and calls on the way are passed over, unless they are asked for. */
export function propertyAt(properties: readonly Property[], wanted: readonly string[]): Property | undefined {
  return properties.find(({ path }) => leadsTo(path, wanted));
}

function leadsTo(path: readonly string[], wanted: readonly string[]): boolean {
  let left = wanted.length;
  for (const part of path.toReversed()) {
    if (left > 0 && part === wanted[left - 1]) left -= 1;
    else if (!/[=)]$/.test(part)) return false;
  }
  return left === 0;
}

function close(frame: Frame | undefined, at: number): void {
  if (!frame?.open) return;
  frame.open.to = at;
  frame.open = undefined;
}

function openFrame(bare: string, at: number, parent: Frame | undefined): Frame {
  const before = bare.slice(Math.max(0, at - LOOKBACK), at);
  const char = bare[at];
  const called = char === "(" ? NAME_BEFORE.exec(before) : null;
  const assigned = ASSIGNED.exec(called ? before.slice(0, called.index) : before)?.[1];
  const labels = [
    ...(parent?.open?.path ?? parent?.labels ?? []),
    ...(assigned === undefined ? [] : [`${assigned}=`]),
    ...(called?.[1] ? [`${called[1]}()`] : []),
  ];
  const object = char === "{" && isExpression(before);
  return { labels, object, open: undefined, keyNext: object };
}

/** Whether a brace after these words opens an object and no block. */
function isExpression(before: string): boolean {
  const words = before.trimEnd();
  if (/=>$/.test(words)) return false;
  return words === "" || /[(,[:=?&|]$|\b(?:return|default|satisfies|as)$/.test(words);
}
