import { type HclBlock, printHcl } from "../../../formats/hcl/write.ts";
import type { GeneratedFile } from "../../kind.ts";
import { NOTE } from "../../note.ts";
import { applySteps } from "./steps.ts";

/** A root module as data. */
export interface Module {
  folder: string;
  /** By file name without `.tf`; what each is for stands in its first line. */
  files: Record<string, { why: string; blocks: readonly HclBlock[] }>;
  /** Values of each environment, as text of `.tfvars`. */
  values: Record<string, string>;
  /** Where the state lies, as options of init; ENVIRONMENT is its name. */
  init: string;
  /** Names of secrets that people set before programs start; ENVIRONMENT is that of the environment. */
  secrets: string[];
  notes: string[];
}

/** The files of a module; those without blocks are left out. */
export function filesOf(module: Module): GeneratedFile[] {
  const { folder, files, values } = module;
  const notes = [
    `the steps to a first release stand in order at the top of ${folder}/environments/production.tfvars`,
    ...module.notes,
  ];
  const code = Object.entries(files)
    .filter(([, { blocks }]) => blocks.length > 0)
    .map(
      ([name, { why, blocks }], index): GeneratedFile => ({
        path: `${folder}/${name}.tf`,
        text: printHcl(blocks, [`${why[0]?.toUpperCase()}${why.slice(1)}. ${NOTE}`]),
        ownership: "managed",
        why,
        ...(index === 0 ? { notes } : {}),
      }),
    );
  const settings = Object.entries(values).map(
    ([environment, text]): GeneratedFile => ({
      path: `${folder}/environments/${environment}.tfvars`,
      text: `${[NOTE, "", ...applySteps(module, environment, text)].map((line) => `# ${line}`.trimEnd()).join("\n")}\n\n${text}`,
      ownership: "managed",
      why: `sizes of ${environment}`,
    }),
  );
  return [...code, ...settings, ignored(folder)];
}

/** What Terraform keeps beside its files; the lock of the providers is not among it. */
function ignored(folder: string): GeneratedFile {
  return {
    path: `${folder}/.gitignore`,
    text: `# ${NOTE}\n.terraform/\n*.given.tfvars\n*.tfplan\n*.tfstate\n*.tfstate.*\n`,
    ownership: "managed",
    why: "keeps plans and state, which hold secrets, out of the repository",
  };
}
