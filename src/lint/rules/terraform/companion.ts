import type { RuleContext } from "../../rule.ts";
import { isReferenced, type Module, modulesOf, type Resource, refersTo, textOf } from "./module.ts";

/**
 * Whether a resource of one of some types is missing beside another: none refers to it, and none can be meant that
 * refers in a way that only a run knows, or that lies in another module.
 */
export function lacks(resource: Resource, module: Module, types: readonly string[], context: RuleContext): boolean {
  const here = resourcesOf(module, types);
  if (here.some((other) => refersTo(textOf(other), resource.address))) return false;
  if (hasOpenPartner(module, types, resource.type)) return false;
  if (module.blocks("module").some((part) => refersTo(textOf(part), resource.address))) return false;
  return ![...modulesOf(context).values()].some((other) => other !== module && resourcesOf(other, types).length > 0);
}

function resourcesOf(module: Module, types: readonly string[]): Resource[] {
  return types.flatMap((type) => module.ofType(type));
}

const known = new WeakMap<Module, Map<string, boolean>>();

/** Whether one of some types names its partner by a variable, a local or a loop. */
function hasOpenPartner(module: Module, types: readonly string[], partner: string): boolean {
  const own = known.get(module) ?? new Map<string, boolean>();
  known.set(module, own);
  const key = [partner, ...types].join(" ");
  const found =
    own.get(key) ??
    resourcesOf(module, types).some(
      (other) => !module.ofType(partner).some(({ address }) => refersTo(textOf(other), address)),
    );
  own.set(key, found);
  return found;
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
