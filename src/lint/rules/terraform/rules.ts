import { folderOf } from "../../../formats/tree.ts";
import type { Complaint } from "../../finding.ts";
import type { LintFile } from "../../lint-file.ts";
import type { Rule, RuleContext } from "../../rule.ts";
import { type Module, modulesOf, type Resource } from "./module.ts";

type Words = Omit<Rule, "kinds" | "check">;
type Check = (resource: Resource, module: Module, context: RuleContext) => Complaint[];

/** A rule about resources of some types, each with what is asked of it. */
export function resourceRule(words: Words, checks: Readonly<Record<string, Check>>): Rule {
  return moduleRule(words, (file, module, context) =>
    module.resources
      .filter((resource) => resource.file === file && Object.hasOwn(checks, resource.type))
      .flatMap((resource) => checks[resource.type]?.(resource, module, context) ?? []),
  );
}

/** A rule that looks at a file as a part of its module. */
export function moduleRule(
  words: Words,
  check: (file: LintFile, module: Module, context: RuleContext) => Complaint[],
): Rule {
  return {
    ...words,
    kinds: ["terraform"],
    check(file, context) {
      const module = modulesOf(context).get(folderOf(file.path));
      return module?.files.some((one) => one.file === file) ? check(file, module, context) : [];
    },
  };
}
