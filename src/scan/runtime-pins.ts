import { isRecord, stringAt } from "../formats/document.ts";
import { semverLibrary } from "../formats/libraries.ts";
import type { View } from "./collector.ts";
import type { Evidence } from "./fact.ts";
import { nearestFile } from "./nearby.ts";

/** A version of a language that some file asks for. */
export interface VersionSeen {
  /** As it is written. */
  version: string;
  /** Whether it names one version (`3.12`) rather than a range (`>=3.9`). */
  exact: boolean;
  at: Evidence;
}

const MISE = ["mise.toml", ".mise.toml", ".config/mise.toml", "mise/config.toml"];

/** What `.tool-versions` and `mise.toml` in the folder or above it say of a tool, under any of its names. */
export function toolVersions(view: View, tools: readonly string[]): VersionSeen[] {
  const { snapshot, unit } = view;
  const list = nearestFile(snapshot, unit.path, ".tool-versions");
  const lines = (list === undefined ? undefined : snapshot.text(list)) ?? "";
  const listed = lines.split("\n").flatMap((line, index): VersionSeen[] => {
    const [tool = "", version = ""] = line.replace(/#.*$/, "").trim().split(/\s+/);
    if (!tools.includes(tool) || !/\d/.test(version)) return [];
    return [{ version, exact: true, at: view.seen(list as string, index + 1, "tool-versions") }];
  });
  const inMise = MISE.flatMap((name): VersionSeen[] => {
    const file = nearestFile(snapshot, unit.path, name);
    if (file === undefined) return [];
    const document = snapshot.toml(file);
    return tools.flatMap((tool): VersionSeen[] => {
      const path = ["tools", tool];
      const version =
        stringAt(document.value, path) ??
        stringAt(document.value, [...path, 0]) ??
        stringAt(document.value, [...path, "version"]);
      if (version === undefined || !/\d/.test(version)) return [];
      return [{ version, exact: true, at: view.seenAt(file, document, path, "mise") }];
    });
  });
  return [...listed, ...inMise];
}

/**
 * Claims the version of a runtime: the first pin, or the first range where nothing pins. What agrees with it is evidence, what cannot
 * hold together with it is claimed beside it, so that the conflict shows.
 */
export function claimRuntime(view: View, name: string, seen: readonly VersionSeen[]): void {
  const first = seen.find(({ exact }) => exact) ?? seen[0];
  if (!first) return;
  const others = seen.filter((one) => one !== first);
  const agreeing = others.filter((one) => versionsAgree(first.version, one.version));
  const at = [first, ...agreeing].map((one) => one.at);
  view.claim("runtime", { name, version: first.version }, { source: "project", at });
  for (const { version, at } of others.filter((one) => !agreeing.includes(one)))
    view.claim("runtime", { name, version }, { source: "project", confidence: 0.9, at });
}

/** Whether some version satisfies both; what cannot be compared is not held against them. */
export function versionsAgree(a: string, b: string): boolean {
  const [left, right] = [rangeOf(a), rangeOf(b)];
  if (left === null || right === null) return true;
  return semverLibrary().intersects(left, right);
}

/** Whether a text is a version or a range that can be compared. */
export function isVersion(text: string): boolean {
  return rangeOf(text) !== null;
}

/** A version or range of Python, Ruby, PHP or Elixir as semver writes it; null where it has no counterpart. */
function rangeOf(text: string): string | null {
  const translated = text
    .replace(/-(?:otp|p)-?\d+|p\d+$/g, "")
    .replace(/!=\s*[\d.*]+/g, "")
    .replace(/(?:~=|~>)\s*(\d+\.\d+\.\d+)/g, "~$1")
    .replace(/(?:~=|~>)\s*(\d+(?:\.\d+)?)/g, "^$1")
    .replace(/={2,3}/g, "=")
    .replace(/\.\*/g, ".x")
    .replace(/\|\|?|\bor\b/g, " || ")
    .replace(/,|\band\b/g, " ");
  return semverLibrary().validRange(translated, { loose: true });
}

/** The text of a value that is a string, or a table with `version`. */
export function versionText(value: unknown): string | undefined {
  return stringAt(value) ?? (isRecord(value) ? stringAt(value, ["version"]) : undefined);
}
