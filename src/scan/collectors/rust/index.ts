import { stringAt } from "../../../formats/document.ts";
import { joinPath } from "../../../formats/tree.ts";
import type { Collector, View } from "../../collector.ts";
import { dependenciesOf } from "../../dependencies.ts";
import { nearestFile } from "../../nearby.ts";
import { claimRuntime, toolVersions, type VersionSeen } from "../../runtime-pins.ts";
import { hitsIn } from "../../search.ts";
import { crateName, manifest, manifestFile, workspaceOf } from "./crates.ts";
import { claimPage } from "./page.ts";
import { claimProgram } from "./program.ts";
import { rustPrograms } from "./programs.ts";

/** Crates of Cargo: what the manifest says, and the programs that it builds. */
export const rustCollector: Collector = {
  id: "rust",
  reads: ["Cargo.toml", "rust-toolchain.toml", "Rocket.toml", "*.rs"],
  collect(view) {
    const { snapshot, unit } = view;
    const file = manifestFile(unit.path);
    if (!snapshot.has(file)) return;
    const document = manifest(snapshot, unit.path);
    const name = crateName(snapshot, unit.path);
    const at = view.seenAt(file, document, name === undefined ? ["workspace"] : ["package", "name"], "crate");
    if (document.value !== undefined && name === undefined) {
      view.claim("kind", "library", { source: "project", confidence: 0.7, at });
      return;
    }
    const declared = { source: "project", confidence: name === undefined ? 0.7 : 1, at } as const;
    view.claim("language", "Rust", declared);
    view.claim("packageManager", "cargo", declared);
    claimVersion(view);
    if (name === undefined) return;
    view.claim("name", name, declared);
    claimNeighbours(view);
    const programs = rustPrograms(snapshot, { folder: unit.path });
    const program = programs.find((each) => each.name === unit.program) ?? programs[0];
    if (claimPage(view)) return;
    view.claim("install", "cargo fetch", { source: "convention", confidence: 0.8, at });
    const tests = view.files.find((path) => isTest(view, path));
    if (tests)
      view.claim("test", "cargo test", { source: "convention", confidence: 0.8, at: view.seen(tests, 1, "tests") });
    if (program) claimProgram(view, program);
    else view.claim("kind", "library", { source: "project", at });
  },
};

function isTest(view: View, path: string): boolean {
  if (!path.endsWith(".rs")) return false;
  const below = view.unit.path === "." ? path : path.slice(view.unit.path.length + 1);
  return below.startsWith("tests/") || (view.snapshot.code(path)?.bare.includes("#[cfg(test)]") ?? false);
}

function claimVersion(view: View): void {
  const { snapshot, unit } = view;
  const seen: VersionSeen[] = [];
  for (const base of ["rust-toolchain.toml", "rust-toolchain"]) {
    const file = nearestFile(snapshot, unit.path, base);
    const text = (file === undefined ? undefined : snapshot.text(file)) ?? "";
    const hit = hitsIn(text, /^[^\S\n]*channel\s*=\s*["']([^"']+)["']|^([\w.-]+)\s*$/gm, file ?? "")[0];
    const version = hit?.match[1] ?? hit?.match[2];
    if (file && version) seen.push({ version, exact: true, at: view.seen(file, hit?.place, "toolchain") });
  }
  seen.push(...toolVersions(view, ["rust"]));
  const root = workspaceOf(snapshot, unit.path) ?? unit.path;
  const places = [
    { folder: unit.path, path: ["package", "rust-version"] },
    { folder: root, path: ["workspace", "package", "rust-version"] },
  ];
  for (const { folder, path } of places) {
    const document = manifest(snapshot, folder);
    const version = stringAt(document.value, path);
    if (version) seen.push({ version, exact: false, at: view.seenAt(manifestFile(folder), document, path, "version") });
  }
  const first = seen[0];
  if (first) claimRuntime(view, "rust", [first]);
  else
    view.claim(
      "runtime",
      { name: "rust", version: null },
      { source: "project", at: view.seen(manifestFile(unit.path), 1, "crate") },
    );
}

function claimNeighbours(view: View): void {
  const { snapshot, unit } = view;
  const workspace = workspaceOf(snapshot, unit.path);
  if (workspace !== undefined && workspace !== unit.path) {
    const file = manifestFile(workspace);
    view.claim("workspace", workspace, {
      source: "project",
      at: view.seenAt(file, snapshot.toml(file), ["workspace"], "workspace"),
    });
  }
  for (const { ecosystem, path, group, file, place } of dependenciesOf(snapshot, unit.path)) {
    if (
      ecosystem !== "cargo" ||
      path === null ||
      group === "dev" ||
      !snapshot.has(joinPath(path, "Cargo.toml") as string)
    )
      continue;
    view.claimEach("internal", path, { path }, { source: "project", at: view.seen(file, place(), "path-dependency") });
  }
}
