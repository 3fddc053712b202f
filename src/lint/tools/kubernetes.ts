import { listAt, stringAt } from "../../formats/document.ts";
import { folderOf, isIn } from "../../formats/tree.ts";
import { parseYaml } from "../../formats/yaml.ts";
import type { RuleContext } from "../rule.ts";
import { type Tool, type ToolTarget, wordsOf } from "./tool.ts";

/** `kubectl kustomize`: whether bases, overlays and patches fit together. */
export const kustomize: Tool = {
  id: "kustomize",
  program: "kubectl",
  targets: ({ files }, { network }) =>
    files
      .filter(({ kind, text }) => kind === "kustomize" && !/^kind:\s*Component\b/m.test(text))
      .map(({ path, text }) => {
        const remote = /:\/\/|^\s*-\s*["']?(?:github\.com\/|git@|git::)/m.test(text.replace(/^\s*#.*$/gm, ""));
        const chart = /^helmCharts:/m.test(text);
        return {
          path,
          ...(remote && !network ? { unable: "a part of it would have to be fetched" } : {}),
          ...(chart ? { unable: "it asks for a Helm chart" } : {}),
          argv: ["kustomize", "."],
          cwd: folderOf(path),
          read: (result) =>
            result.code === 0 ? [] : [{ file: path, line: 1, column: 1, message: innermost(wordsOf(result, 2_000)) }],
        };
      }),
};

/** Errors of kustomize repeat themselves, the cause last. */
function innermost(text: string): string {
  const words = /err="(.*)"/.exec(text)?.[1] ?? text.replace(/^error: /, "");
  return words.length > 300 ? `${words.slice(0, 140)} … ${words.slice(-140)}` : words;
}

/** `helm lint`, then `helm template` with the values of the chart. */
export const helm: Tool = {
  id: "helm",
  program: "helm",
  targets: (context) => chartsOf(context).flatMap((chart) => [lint(chart), template(chart, context)]),
};

function chartsOf({ files }: RuleContext): { path: string; folder: string }[] {
  const charts = files
    .filter(({ path }) => /(?:^|\/)Chart\.ya?ml$/.test(path))
    .map(({ path }) => ({ path, folder: folderOf(path) }));
  // Charts that lie in another are judged with it.
  return charts.filter(({ folder }) => !charts.some((other) => other.folder !== folder && isIn(folder, other.folder)));
}

function lint({ path, folder }: { path: string; folder: string }): ToolTarget {
  return {
    path: folder,
    argv: ["lint", "."],
    cwd: folder,
    read: ({ code, stdout, stderr }) => {
      const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.startsWith("[ERROR]"));
      const found = lines.map((line) => ({
        file: path,
        line: 1,
        column: 1,
        message: line.slice("[ERROR]".length).trim(),
      }));
      return code === 0 || found.length > 0 ? found : { unable: wordsOf({ code, stdout, stderr }) };
    },
  };
}

function template({ path, folder }: { path: string; folder: string }, { tree }: RuleContext): ToolTarget {
  const needs = listAt(parseYaml(tree.text(path) ?? "").value, ["dependencies"]).flatMap(
    (need) => stringAt(need, ["name"]) ?? [],
  );
  const absent = needs.filter(
    (name) => !tree.paths.some((other) => other.startsWith(`${folder === "." ? "" : `${folder}/`}charts/${name}`)),
  );
  return {
    path: folder,
    ...(absent.length > 0 ? { unable: `its dependencies are not here: ${absent.join(", ")}` } : {}),
    argv: ["template", "check", "."],
    cwd: folder,
    read: (result) =>
      result.code === 0 ? [] : [{ file: path, line: 1, column: 1, message: wordsOf(result).replace(/^Error: /, "") }],
  };
}
