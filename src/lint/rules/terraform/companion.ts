import type { RuleContext } from "../../rule.ts";
import { isReferenced, type Module, modulesOf, type Resource, refersTo, textOf } from "./module.ts";

/**
 * Whether a resource of one of some types is missing beside another: none refers to it, and none can be meant that
 * refers in a way that only a run knows, or that lies in another module.
 */
export function lacks(resource: Resource, module: Module, types: readonly string[], context: RuleContext): boolean {
  const isOne = ({ type }: Resource) => types.includes(type);
  const here = module.resources.filter(isOne);
  if (here.some((other) => refersTo(textOf(other), resource.address))) return false;
  const siblings = module.resources.filter(({ type }) => type === resource.type);
  // It names its partner by a variable, a local or a loop.
  if (here.some((other) => !siblings.some(({ address }) => refersTo(textOf(other), address)))) return false;
  if (module.blocks("module").some((part) => refersTo(textOf(part), resource.address))) return false;
  return ![...modulesOf(context).values()].some((other) => other !== module && other.resources.some(isOne));
}

/** Whether anything but outputs, and resources of some types, uses a resource. */
export function isUsed(resource: Resource, module: Module, except: readonly string[]): boolean {
  if (!isReferenced(module, resource.address, resource)) return false;
  return module.files.some(({ file, hcl }) =>
    hcl.blocks.some(
      (block) =>
        block !== resource.block &&
        !(block.type === "resource" && except.includes(block.labels[0] ?? "")) &&
        refersTo(textOf({ file, block }), resource.address),
    ),
  );
}
