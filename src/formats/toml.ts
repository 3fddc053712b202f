import { parse, TomlError } from "smol-toml";
import { type AST, parseTOML } from "toml-eslint-parser";
import { lazy } from "../core/lazy.ts";
import { isTooDeep, TOO_DEEP } from "./depth.ts";
import { type Document, type Path, type Place, unreadable } from "./document.ts";

// Places are kept for paths as deep as people write them; a hostile key has as many parts as it likes.
const MOST_DEPTH = 50;

/** Reads TOML. Never throws. */
export function parseToml(text: string): Document {
  const found = lazy(() => placesOf(text));
  try {
    const value = parse(text);
    if (isTooDeep(value)) return unreadable({ message: TOO_DEEP, line: 1, column: 1 });
    return { value, problems: [], place: (path) => found().get(keyOf(path)) };
  } catch (error) {
    if (error instanceof TomlError) {
      const message = error.message.split("\n", 1)[0] ?? "no TOML";
      return unreadable({ message, line: error.line, column: error.column });
    }
    return unreadable({ message: "no TOML", line: 1, column: 1 });
  }
}

function placesOf(text: string): Map<string, Place> {
  const found = new Map<string, Place>();
  const note = (path: Path, { start }: AST.SourceLocation) => {
    if (path.length > MOST_DEPTH) return;
    for (let length = path.length; length >= 0 && !found.has(keyOf(path.slice(0, length))); length -= 1)
      found.set(keyOf(path.slice(0, length)), { line: start.line, column: start.column + 1 });
  };
  const values = (node: AST.TOMLContentNode, path: Path) => {
    if (path.length > MOST_DEPTH) return;
    if (node.type === "TOMLInlineTable") for (const entry of node.body) pair(entry, path);
    if (node.type === "TOMLArray")
      for (const [index, element] of node.elements.entries()) {
        note([...path, index], element.loc);
        values(element, [...path, index]);
      }
  };
  const pair = (node: AST.TOMLKeyValue, base: Path) => {
    const path = [...base, ...node.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value))];
    note(path, node.loc);
    values(node.value, path);
  };
  try {
    for (const node of parseTOML(text).body[0].body)
      if (node.type === "TOMLTable") {
        note(node.resolvedKey, node.loc);
        for (const entry of node.body) pair(entry, node.resolvedKey);
      } else pair(node, []);
  } catch {
    // The other reader took it: its values count, without their places.
  }
  return found;
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}
