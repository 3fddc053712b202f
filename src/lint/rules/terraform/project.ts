import { attributeOf, blocksOf } from "../../../formats/hcl/read.ts";
import { hclValue } from "../../../formats/hcl/value.ts";
import { joinPath } from "../../../formats/tree.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { RuleContext } from "../../rule.ts";
import { unformatted } from "./format.ts";
import { calledFolders, isReferenced, type Module, modulesOf, type Part } from "./module.ts";
import { moduleRule } from "./rules.ts";
import { at, isTrue, settingOf } from "./setting.ts";

/** SM49 */
export const project = moduleRule(
  {
    id: "SM49",
    title: "modules say their versions, types and state, and have nothing unused",
    help: "A provider without a version is the newest on each machine; a state on somebody's disk is lost with it, and two people at once destroy it.",
    severity: "warning",
    origins: [
      "terraform_required_version",
      "terraform_required_providers",
      "terraform_typed_variables",
      "terraform_documented_variables",
      "terraform_unused_declarations",
      "CKV_TF_3",
    ],
  },
  (file, module, context) => [
    ...variables(file, module, context),
    ...unused(file, module, context),
    ...foreignModules(file, module),
    ...module.files.flatMap((one) => (one.file === file && module.complete ? unformatted(file, one.hcl) : [])),
    ...(isRoot(module, context) ? [...versions(file, module), ...state(file, module, context)] : []),
  ],
);

function variables(file: LintFile, module: Module, context: RuleContext): Complaint[] {
  return own(file, module, "variable").flatMap(({ block }) => {
    const [name = ""] = block.labels;
    const found: Complaint[] = [];
    if (!attributeOf(block.body, "type"))
      found.push(at(block, `variable ${name} has no type: add \`type = string\` or what it is`));
    if (!attributeOf(block.body, "description"))
      found.push(at(block, `variable ${name} has no description: say what it is for`, "note"));
    if (isUnused(module, context, `var.${name}`, { file, block }))
      found.push(at(block, `variable ${name} is not used: remove it`));
    return found;
  });
}

function unused(file: LintFile, module: Module, context: RuleContext): Complaint[] {
  const locals = own(file, module, "locals").flatMap(({ block }) =>
    block.body.attributes
      .filter((local) =>
        isUnused(module, context, `local.${local.name}`, {
          file,
          block: { ...block, start: local.start, end: local.end },
        }),
      )
      .map((local) => at(local, `local ${local.name} is not used: remove it`)),
  );
  const data = module.data
    .filter(
      (one) =>
        one.file === file &&
        blocksOf(one.block.body, "lifecycle").length === 0 &&
        isUnused(module, context, one.address, one),
    )
    .map(({ block, address }) => at(block, `${address} is not used: remove it`, "note"));
  return [...locals, ...data];
}

/** A module of others is code that runs with all rights: the newest of it today is not that of tomorrow. */
function foreignModules(file: LintFile, module: Module): Complaint[] {
  return own(file, module, "module").flatMap(({ block }) => {
    const [name = ""] = block.labels;
    const source = hclValue(attributeOf(block.body, "source")?.text ?? "");
    if (typeof source !== "string" || source.includes("${")) return [];
    if (/^(?:[\w.-]+\/){2,3}[\w-]+(?:\/\/.*)?$/.test(source) && !/^(?:github\.com|bitbucket\.org)\//.test(source))
      return attributeOf(block.body, "version")
        ? []
        : [at(block, `module ${name} is the newest on each machine: add its \`version\``)];
    const git = /^git(?:::|@)|^(?:github\.com|bitbucket\.org)\/|\.git(?:$|[?/])/.test(source);
    return git && !/[?&]ref=/.test(source)
      ? [at(block, `module ${name} is whatever its branch holds: add \`?ref=\` with a tag or a commit`)]
      : [];
  });
}

/** What is declared here may be used in files that are not read: JSON, or what could not be read to its end. */
function isUnused(module: Module, { tree }: RuleContext, address: string, part: Part): boolean {
  const json = tree.paths.some(
    (path) => path.endsWith(".tf.json") && joinPath(module.folder, path.slice(path.lastIndexOf("/") + 1)) === path,
  );
  return module.complete && !json && !isReferenced(module, address, part);
}

/** Whether Terraform is run here: it has a provider's settings or a state, and no other module calls it. */
function isRoot(module: Module, context: RuleContext): boolean {
  const { folder } = module;
  if (/(?:^|\/)(?:examples?|tests?|fixtures?|testdata|samples?|docs?)(?:\/|$)/.test(folder)) return false;
  if ([...modulesOf(context).values()].some((other) => other !== module && calledFolders(other).includes(folder)))
    return false;
  return (
    module.blocks("provider").length > 0 ||
    settings(module, "backend").length > 0 ||
    settings(module, "cloud").length > 0
  );
}

function settings(module: Module, type: string): Part[] {
  return module
    .blocks("terraform")
    .flatMap(({ file, block }) => blocksOf(block.body, type).map((inner) => ({ file, block: inner })));
}

function versions(file: LintFile, module: Module): Complaint[] {
  const anchor = module.blocks("terraform")[0] ?? module.blocks("provider")[0];
  if (anchor?.file !== file) return [];
  const found: Complaint[] = [];
  if (!module.blocks("terraform").some(({ block }) => attributeOf(block.body, "required_version")))
    found.push(
      at(anchor.block, 'no version of Terraform is asked for: add `required_version = ">= 1.9"` to `terraform {}`'),
    );
  const asked = new Map(
    settings(module, "required_providers").flatMap(({ block }) =>
      block.body.attributes.map((attribute) => [attribute.name, attribute]),
    ),
  );
  for (const name of providersOf(module)) {
    const attribute = asked.get(name);
    const value = hclValue(attribute?.text ?? "");
    const versioned = typeof value === "string" || (typeof value === "object" && value !== null && "version" in value);
    if (!attribute || (value !== undefined && !versioned))
      found.push(
        at(
          attribute ?? anchor.block,
          `provider ${name} is the newest on each machine: add its \`version\` to \`required_providers\``,
        ),
      );
  }
  return found;
}

/** Providers of the resources and data, by the names they have here. */
function providersOf(module: Module): string[] {
  const names = [...module.resources, ...module.data].map(({ type, block }) => {
    const chosen = attributeOf(block.body, "provider")?.text;
    return chosen ? (/^"?([\w-]+)/.exec(chosen)?.[1] ?? "") : (type.split("_")[0] ?? "");
  });
  return [...new Set(names)].filter((name) => name !== "" && name !== "terraform").sort();
}

function state(file: LintFile, module: Module, { tree }: RuleContext): Complaint[] {
  const anchor = module.blocks("terraform")[0] ?? module.blocks("provider")[0];
  const [backend] = settings(module, "backend");
  if (!backend) {
    // Terragrunt writes the backend; what makes the bucket of the state cannot keep its own there.
    const elsewhere = tree.paths.some((path) =>
      /(?:^|\/)(?:terragrunt\.hcl|root\.hcl|backend\.tf\.json|cdktf\.json)$/.test(path),
    );
    const first = /(?:^|[/_-])(?:bootstrap|backend|state|tfstate|remote-state|init)(?:[/_-]|$)/.test(module.folder);
    if (
      anchor?.file !== file ||
      elsewhere ||
      first ||
      settings(module, "cloud").length > 0 ||
      module.resources.length === 0
    )
      return [];
    return [
      at(anchor.block, "the state lies on the disk of whoever runs this: add a `backend` that encrypts and locks it"),
    ];
  }
  if (backend.file !== file) return [];
  const { block } = backend;
  const [kind] = block.labels;
  if (kind === "local")
    return [at(block, "the state lies on the disk of whoever runs this: use a backend that encrypts and locks it")];
  // A part of the settings is given at init: it may be these.
  if (kind !== "s3" || !attributeOf(block.body, "bucket") || !attributeOf(block.body, "key")) return [];
  const encrypted = settingOf(block.body, "encrypt");
  const locked = isTrue(known(settingOf(block.body, "use_lockfile"))) || attributeOf(block.body, "dynamodb_table");
  return [
    ...(encrypted.kind === "known" && isTrue(encrypted.value)
      ? []
      : [at(block, "the state holds secrets: set `encrypt = true`")]),
    ...(locked ? [] : [at(block, "two runs at once destroy the state: set `use_lockfile = true`")]),
  ];
}

function known(setting: ReturnType<typeof settingOf>): unknown {
  return setting.kind === "known" ? setting.value : undefined;
}

function own(file: LintFile, module: Module, type: string): Part[] {
  return module.blocks(type).filter((part) => part.file === file);
}
