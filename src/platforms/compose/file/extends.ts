import type { Mistake } from "../../../config/problem.ts";
import { nearest } from "../../../config/spelling.ts";
import { longForms } from "./forms.ts";
import { child, type MapTree, type Tree } from "./tree.ts";

/** Keys at which the nearer list replaces the farther one; elsewhere lists are joined. */
const REPLACED = ["command", "entrypoint", "test"];
/** Lists whose items are told apart by where they end up in the container. */
const BY_TARGET = ["volumes", "devices", "secrets", "configs"];

/** Every service with what it `extends` merged in (compose-spec, "extends" and "Merge"), short forms written out. */
export function extendServices(services: MapTree, mistakes: Mistake[]): Map<string, Tree> {
  const done = new Map<string, Tree>();
  for (const name of services.entries.keys()) done.set(name, extended(name, services, mistakes, []));
  return done;
}

function extended(name: string, services: MapTree, mistakes: Mistake[], path: string[]): Tree {
  const raw = services.entries.get(name);
  if (raw?.kind !== "map") return raw ?? { kind: "text", line: services.line, value: null };
  const own = longForms(raw);
  const wish = own.entries.get("extends");
  if (wish?.kind !== "map") return own;
  const at = ["services", name, "extends"];
  const refuse = (message: string, next: string) => {
    mistakes.push({ code: "SM-COMPOSE-EXTENDS", at, message: `services.${name}.extends: ${message}`, next });
    return own;
  };
  const base = child(wish, "service");
  const target = base?.kind === "text" ? String(base.value) : "";
  if (wish.entries.has("file")) return refuse("another file is not read", "copy that service into this file");
  if (!services.entries.has(target)) {
    const guess = nearest(target, services.entries.keys());
    return refuse(`there is no service "${target}"`, guess ? `did you mean "${guess}"?` : "correct the name");
  }
  if ([...path, name].includes(target)) return refuse(`"${target}" extends itself`, "take one `extends` away");
  const farther = extended(target, services, mistakes, [...path, name]);
  if (farther.kind !== "map") return own;
  own.entries.delete("extends");
  return merge(farther, own, "");
}

/** The nearer of two values, or both where they are collections of one kind. */
function merge(farther: Tree, nearer: Tree, key: string): Tree {
  if (farther.kind === "map" && nearer.kind === "map") {
    const entries = new Map(farther.entries);
    for (const [name, value] of nearer.entries) {
      const other = entries.get(name);
      entries.set(name, other ? merge(other, value, name) : value);
    }
    return { ...nearer, entries };
  }
  if (farther.kind !== "list" || nearer.kind !== "list" || REPLACED.includes(key)) return nearer;
  const identity = (tree: Tree) => (BY_TARGET.includes(key) ? targetOf(tree) : undefined) ?? JSON.stringify(bare(tree));
  const own = new Set(nearer.items.map(identity));
  return { ...nearer, items: [...farther.items.filter((item) => !own.has(identity(item))), ...nearer.items] };
}

function targetOf(tree: Tree): string | undefined {
  if (tree.kind === "map") return tree.entries.has("target") ? String(bare(child(tree, "target"))) : undefined;
  if (tree.kind !== "text") return undefined;
  const parts = String(tree.value).split(":");
  return parts[1] ?? parts[0];
}

/** Without lines: two values are the same wherever they are written. */
function bare(tree: Tree | undefined): unknown {
  if (tree?.kind === "text") return tree.value;
  return tree?.kind === "list"
    ? tree.items.map(bare)
    : [...(tree?.entries ?? [])].map(([key, value]) => [key, bare(value)]);
}
