import { builtPath } from "./built.ts";
import { expandLine } from "./commands/expand.ts";
import { fileOf, launchOf } from "./commands/launch.ts";
import { commandText } from "./commands/step.ts";
import type { Project } from "./project.ts";
import type { Start } from "./started.ts";

const NAME =
  /^(?:(?:start|run|serve|prod)[:-])?(worker|workers|queue|queues|consumer|scheduler|cron|jobs|bot|clock|processor|listener|subscriber)(?::(?:start|prod|production|run))?$|^(?:start|run)[:-](\w+[:-]worker)$/;

/** Claims other processes that the package's scripts start in production: workers, schedulers. */
export function claimProcesses(project: Project, start: Start | undefined): void {
  const { view, manifest, at } = project;
  for (const [script, line] of manifest.scripts) {
    const match = NAME.exec(script);
    const name = match?.[1] ?? match?.[2];
    if (name === undefined) continue;
    const launch = launchOf(view.snapshot, expandLine(view.snapshot, line, view.unit.path));
    if (
      !launch ||
      launch.ambiguous ||
      (launch.role !== "server" && launch.role !== "runner") ||
      launch.step.folder !== view.unit.path
    )
      continue;
    const command = commandText(launch.step, view.unit.path);
    const file = fileOf(launch.step.argv);
    if (file === undefined || command === start?.command || !isThere(project, file)) continue;
    const confidence = launch.changed ? 0.6 : 0.85;
    view.claimEach(
      "process",
      name,
      { name, command },
      { source: "code", confidence, at: at(["scripts", script], "script") },
    );
  }
}

/** Whether the file is in the repository, or built of one that is. */
function isThere(project: Project, file: string): boolean {
  const { view, exists } = project;
  const path = file.replace(/^\.\//, "");
  if (["", ".js", ".ts", ".mjs", "/index.js", "/index.ts"].some((ending) => exists(path + ending))) return true;
  const plain = path.replace(/\.[cm]?js$/, "");
  const inner = plain.split("/").slice(1).join("/");
  const sources = [`src/${inner}`, inner, plain].flatMap((base) => [
    `${base}.ts`,
    `${base}.mts`,
    `${base}.js`,
    `${base}/index.ts`,
  ]);
  const source = sources.map((one) => view.path(one)).find((one) => one !== undefined && view.snapshot.has(one));
  return source !== undefined && (/^(?:dist|build|lib|out)\//.test(path) || builtPath(project, source) !== undefined);
}
