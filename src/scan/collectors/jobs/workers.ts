import { baseOf, folderOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { CONSUMERS } from "../../tables/jobs.ts";
import { builtPath, inside } from "../javascript/built.ts";
import { projectOf } from "../javascript/project.ts";

const FILE =
  /(?:^|\/)((?:[\w-]+[.-])?(?:workers?|consumers?|processor|queue-worker|jobs-worker)|(?:workers?|consumers?)\/(?:index|main))\.[cm]?[jt]s$/;

/** Claims programs of JavaScript that only take work from a queue: files that nothing of the application loads. */
export function claimWorkers(view: View): void {
  const project = projectOf(view);
  if (!project) return;
  const { snapshot, sources } = view;
  const code = (file: string) => snapshot.code(file)?.code ?? "";
  for (const file of sources.filter((path) => FILE.test(path))) {
    const pattern = CONSUMERS.find((one) => one.test(code(file)));
    if (!pattern) continue;
    const base = baseOf(file).replace(/\.[cm]?[jt]s$/, "");
    const stem = base === "index" || base === "main" ? baseOf(folderOf(file)) : base;
    const loaded = new RegExp(
      String.raw`["'\x60][^"'\x60\n]*(?:^|[/"'\x60])${stem}(?:/index|/main)?(?:\.[cm]?[jt]s)?["'\x60]`,
    );
    const scripts = [...project.manifest.scripts.values()];
    const line = code(file)
      .slice(0, pattern.exec(code(file))?.index)
      .split("\n").length;
    const at = view.seen(file, line, "worker");
    if (sources.some((other) => other !== file && loaded.test(code(other)))) continue;
    // What a script runs is told with the scripts.
    if (scripts.some((script) => new RegExp(String.raw`\b${stem}(?:\.[cm]?[jt]s)?\b`).test(script))) continue;
    const built = /\.[cm]?js$/.test(file) ? inside(project, file) : builtPath(project, file);
    if (built === undefined)
      view.miss("process", `${file} takes work from a queue, and no script builds or starts it`, at);
    else
      view.claimEach(
        "process",
        stem,
        { name: stem, command: `node ${built}` },
        { source: "convention", confidence: 0.65, at },
      );
  }
}
