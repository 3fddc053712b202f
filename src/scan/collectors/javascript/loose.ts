import { baseOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { FRAMEWORKS } from "../../tables/javascript-frameworks.ts";
import { type Entry, entryOf } from "./entry.ts";
import type { FoundFramework } from "./framework.ts";
import { importOf, isDenoCode } from "./imports.ts";
import { runningKind } from "./kind.ts";
import { claimLanguage } from "./language.ts";
import { claimPorts } from "./ports.ts";
import { looseProject, type Project } from "./project.ts";
import { claimRuntimeOf, runtimeOf } from "./runtime.ts";
import { startOf } from "./start.ts";

const LOOSE = /^(?:server|index|app|main|worker|bot)\.[cm]?[jt]s$/;
/** What browsers do not have. */
const NODE = /\brequire\s*\(|\bprocess\.(?:env|argv|on|exit|stdout)\b|\bfrom\s*["']node:|\bmodule\.exports\b|\bBun\./;

/** Programs of Node or Bun without a package: a file of a usual name that waits for requests, or that no browser could run. */
export function claimLoose(view: View): void {
  const { snapshot, unit } = view;
  if (
    unit.markers.some((marker) => !LOOSE.test(marker) && !/^(?:Dockerfile|Procfile|Makefile|bun\.lockb?)$/.test(marker))
  )
    return;
  const file = snapshot.inFolder(unit.path).find((path) => LOOSE.test(baseOf(path)));
  if (file === undefined || isDenoCode(view)) return;
  const project = looseProject(view, file);
  const entry = entryOf(project) ?? { file, serves: false, at: view.seen(file, 1, "entry") };
  const page = snapshot.inFolder(unit.path).some((path) => path.endsWith(".html"));
  if (!entry.serves && (page || !NODE.test(snapshot.code(entry.file, "javascript")?.code ?? ""))) return;
  claimProgram(project, entry);
}

function claimProgram(project: Project, entry: Entry): void {
  const { view } = project;
  const [row, at] = FRAMEWORKS.filter(({ role }) => role === "server")
    .map((one) => [one, importOf(view, one.imports ?? one.packages)] as const)
    .find(([, seen]) => seen !== undefined) ?? [undefined, undefined];
  const framework: FoundFramework | undefined = row && at && { row, confidence: 0.85, at: [at], used: true };
  const runtime = runtimeOf(project, undefined);
  claimRuntimeOf(project, runtime);
  const start = startOf({ project, framework, site: undefined, runtime: runtime.name, library: false });
  claimLanguage(project, entry.file);
  if (framework) view.claim("framework", framework.row.id, { source: "code", at: framework.at });
  if (!start) return;
  view.claim("start", start.command, start);
  const serves = claimPorts(project, { start, framework, site: undefined });
  const kind = runningKind(project, { framework, site: undefined, start, serves });
  if (kind) view.claim("kind", kind.kind, { source: "convention", ...kind });
}
