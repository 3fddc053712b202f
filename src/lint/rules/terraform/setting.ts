import type { Place } from "../../../formats/document.ts";
import { attributeOf, blocksOf, type HclBlock, type HclBody } from "../../../formats/hcl/read.ts";
import { hclValue } from "../../../formats/hcl/value.ts";
import type { Complaint } from "../../finding.ts";
import type { Module, Resource } from "./module.ts";

/** What a block says of a setting. `unknown` is what only a run can know: a variable, a reference. */
export type Setting =
  | { kind: "absent" }
  | { kind: "unknown"; at: Place }
  | { kind: "known"; value: unknown; at: Place };

/** A setting by its path: `metadata_options.http_tokens` lies in a nested block. */
export function settingOf(body: HclBody, path: string): Setting {
  const [name = "", ...rest] = path.split(".");
  const attribute = attributeOf(body, name);
  if (rest.length === 0) {
    if (!attribute) {
      const [block] = blocksOf(body, name);
      return block ? { kind: "unknown", at: block } : { kind: "absent" };
    }
    const value = hclValue(attribute.text);
    if (value === null) return { kind: "absent" };
    const open = value === undefined || (typeof value === "string" && value.includes("${"));
    return open ? { kind: "unknown", at: attribute } : { kind: "known", value, at: attribute };
  }
  const [block] = blocksOf(body, name);
  if (!block) return attribute ? { kind: "unknown", at: attribute } : { kind: "absent" };
  const inner = settingOf(block.body, rest.join("."));
  // What `dynamic` makes may be left out altogether.
  const made = body.blocks.some(({ type, labels }) => type === "dynamic" && labels[0] === name);
  return made && inner.kind !== "unknown" ? { kind: "unknown", at: block } : inner;
}

/** One demand on a setting of a resource. */
export interface Demand {
  path: string;
  /** The values that are right. */
  right: (value: unknown) => boolean;
  /** Whether the default, where nothing is said, is right. */
  absent: "right" | "wrong";
  message: string;
  severity?: Complaint["severity"];
  /** Resources it is not about. */
  unless?: (resource: Resource, module: Module) => boolean;
}

/** What a resource does not meet. */
export function unmet(resource: Resource, module: Module, demands: readonly Demand[]): Complaint[] {
  return demands.flatMap(({ path, right, absent, message, severity, unless }) => {
    const setting = settingOf(resource.block.body, path);
    const wrong = setting.kind === "absent" ? absent === "wrong" : setting.kind === "known" && !right(setting.value);
    if (!wrong || unless?.(resource, module)) return [];
    return [at(setting.kind === "absent" ? resource.block : setting.at, `${resource.address}: ${message}`, severity)];
  });
}

/** A complaint at a block, attribute or other place. */
export function at({ line, column }: Place, message: string, severity?: Complaint["severity"]): Complaint {
  return { line, column, message, ...(severity ? { severity } : {}) };
}

export const isTrue = (value: unknown): boolean => value === true || value === "true";
export const isFalse = (value: unknown): boolean => value === false || value === "false";

/** Whether a resource has a block or attribute of this name. */
export function has({ block }: { block: HclBlock }, name: string): boolean {
  return settingOf(block.body, name).kind !== "absent";
}
