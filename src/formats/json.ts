import { evaluate, parse } from "@humanwhocodes/momoa";
import { lazy } from "../core/lazy.ts";
import { isTooDeep, TOO_DEEP } from "./depth.ts";
import { type Document, type Path, type Place, unreadable } from "./document.ts";

type Tree = ReturnType<typeof parse>;

/** Reads JSON; comments, trailing commas and the other freedoms of JSON5 are taken too, as most package managers do. Never throws. */
export function parseJson(text: string): Document {
  const tree = lazy(() => parse(text, { mode: "json5" }));
  const place = (path: Path) => placeIn(tree(), path);
  try {
    const value: unknown = plain(text) ?? evaluate(tree());
    if (isTooDeep(value)) return unreadable({ message: TOO_DEEP, line: 1, column: 1 });
    return { value, problems: [], place };
  } catch (error) {
    return unreadable(problemOf(error));
  }
}

/** What strict JSON says; undefined for anything else. */
function plain(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function placeIn(tree: Tree, path: Path): Place | undefined {
  let node = tree.body;
  let place: Place = node.loc.start;
  for (const key of path) {
    if (node.type === "Object") {
      const member = node.members.findLast(({ name }) => (name.type === "Identifier" ? name.name : name.value) === key);
      if (!member) return undefined;
      place = member.loc.start;
      node = member.value;
    } else if (node.type === "Array" && typeof key === "number") {
      const element = node.elements[key];
      if (!element) return undefined;
      place = element.loc.start;
      node = element.value;
    } else return undefined;
  }
  return { line: place.line, column: place.column };
}

function problemOf(error: unknown) {
  const { line = 1, column = 1 } = error as Partial<Place>;
  if (error instanceof RangeError) return { message: TOO_DEEP, line, column };
  const message = error instanceof Error ? error.message.replace(/ \(\d+:\d+\)$/, "") : "no JSON";
  return { message, line, column };
}
