import type { Evidence } from "../../fact.ts";
import { claimRuntime } from "../../runtime-pins.ts";
import { importOf, scriptsOf } from "./imports.ts";
import type { Managed } from "./package-manager.ts";
import type { Project } from "./project.ts";
import { versionsOf } from "./versions.ts";

const BUN = /\bBun\.(?:serve|file|env|write|listen|spawn|sql|password|SQLite)\b/;
/** A command that only Bun runs: a file, or a program told to use it. */
const BUN_RUNS = /(?:^|[\s;&|"'])bun\s+(?:--bun\s|(?:run\s+)?(?:--\S+\s+)*(?:\.{0,2}\/)?[\w./-]+\.[cm]?[jt]sx?\b)/;

/** Which of the two runs the package: Bun where its code or a start script asks for it, Node otherwise. */
export function runtimeOf(project: Project, managed: Managed | undefined): { name: "node" | "bun"; at: Evidence } {
  const { view, manifest, at, needs, has } = project;
  const script = ["start", "start:prod", "prod", "dev", "serve"].find((name) =>
    BUN_RUNS.test(manifest.scripts.get(name) ?? ""),
  );
  if (script !== undefined) return { name: "bun", at: at(["scripts", script], "script") };
  const file = scriptsOf(view).find(
    (path) => BUN.test(view.snapshot.text(path) ?? "") && BUN.test(view.snapshot.code(path, "javascript")?.bare ?? ""),
  );
  if (file !== undefined) return { name: "bun", at: view.seen(file, 1, "code") };
  const imported = importOf(view, ["bun", "bun:sqlite", "bun:ffi"]);
  if (imported) return { name: "bun", at: imported };
  if (managed?.manager.id !== "bun") return { name: "node", at: at([], "manifest") };
  // Its lockfile alone says only what installs.
  const hint = needs("elysia") ?? (manifest.scripts.has("start") ? undefined : (has("@types/bun") ?? has("bun-types")));
  if (hint && !has("@elysiajs/node")) return { name: "bun", at: view.seen(hint.file, hint.place(), "dependency") };
  return { name: "node", at: at([], "manifest") };
}

/** Claims the runtime with the version that is asked for, as it is written; a version that cannot be known is no version. */
export function claimRuntimeOf(project: Project, { name, at }: { name: "node" | "bun"; at: Evidence }): void {
  const { view } = project;
  const { seen, moving } = versionsOf(view, name, project);
  claimRuntime(view, name, seen);
  for (const { written, at: place } of moving) {
    view.miss("runtime", `${written} names no version that can be known from here`, place);
    view.claim("runtime", { name, version: written }, { source: "default", at: place });
  }
  if (seen.length > 0) return;
  const [first] = moving;
  view.claim(
    "runtime",
    { name, version: null },
    { source: first ? "project" : "convention", confidence: 0.8, at: first?.at ?? at },
  );
}
