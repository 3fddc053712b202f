import type { RunResult } from "../../exec/run.ts";
import { isRecord, listAt, stringAt, valueAt } from "../../formats/document.ts";
import { attributeOf } from "../../formats/hcl/read.ts";
import { hclValue } from "../../formats/hcl/value.ts";
import { joinPath } from "../../formats/tree.ts";
import { type Module, modulesOf } from "../rules/terraform/module.ts";
import { type Tool, type ToolComplaint, wordsOf } from "./tool.ts";

/** `terraform fmt -check`. */
export const terraformFormat: Tool = {
  id: "terraform-fmt",
  program: "terraform",
  targets: (context) =>
    [...modulesOf(context).keys()].map((folder) => ({
      path: folder,
      argv: ["fmt", "-check", "-list=true", "-no-color"],
      cwd: folder,
      read: (result) => unformatted(folder, result),
    })),
};

function unformatted(folder: string, result: RunResult): ToolComplaint[] | { unable: string } {
  if (result.code === 0) return [];
  const names = result.stdout.split("\n").filter((name) => /\.tf(?:vars)?$/.test(name.trim()));
  // A file that is no HCL is told by the parser.
  if (names.length === 0) return { unable: wordsOf(result) };
  return names.map((name) => ({
    file: joinPath(folder, name.trim()) ?? name,
    line: 1,
    column: 1,
    message: "not formatted: run `terraform fmt`",
    severity: "warning",
  }));
}

/** `terraform validate`, with the providers that are at hand. */
export const terraformValidate: Tool = {
  id: "terraform-validate",
  program: "terraform",
  targets: (context, { network, providers }) =>
    [...modulesOf(context).values()].map((module) => {
      const remote = network ? undefined : remoteModule(module);
      // A folder of providers keeps it from asking the registry; one that is empty, too.
      const offline = network ? [] : [`-plugin-dir=${providers ?? "."}`];
      return {
        path: module.folder,
        ...(remote === undefined ? {} : { unable: `module ${remote} would have to be fetched` }),
        before: {
          argv: ["init", "-backend=false", "-input=false", "-no-color", ...offline],
          failed: () => "its providers or modules are not here: run `terraform init` where the network is allowed",
        },
        argv: ["validate", "-json", "-no-color"],
        cwd: module.folder,
        read: (result) => diagnostics(module.folder, result),
      };
    }),
};

function remoteModule(module: Module): string | undefined {
  return module
    .blocks("module")
    .map(({ block }) => String(hclValue(attributeOf(block.body, "source")?.text ?? "") ?? ""))
    .find((source) => !/^\.{1,2}\//.test(source));
}

function diagnostics(folder: string, result: RunResult): ToolComplaint[] | { unable: string } {
  let answer: unknown;
  try {
    answer = JSON.parse(result.stdout);
  } catch {
    return { unable: wordsOf(result) };
  }
  return listAt(answer, ["diagnostics"])
    .filter(isRecord)
    .map((item) => ({
      file: joinPath(folder, stringAt(item, ["range", "filename"]) ?? "main.tf") ?? folder,
      line: Number(valueAt(item, ["range", "start", "line"]) ?? 1),
      column: Number(valueAt(item, ["range", "start", "column"]) ?? 1),
      message: [stringAt(item, ["summary"]), stringAt(item, ["detail"])]
        .filter(Boolean)
        .join(": ")
        .replace(/\s+/g, " "),
      severity: item.severity === "warning" ? "warning" : "error",
    }));
}
