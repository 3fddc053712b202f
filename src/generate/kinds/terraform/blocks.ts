import { attributesOf, block, type HclBlock, type HclEntry, type HclValue } from "../../../formats/hcl/write.ts";

type Attributes = Record<string, HclValue>;

/** A managed resource. */
export function resource(
  type: string,
  name: string,
  attributes: Attributes,
  blocks: readonly HclEntry[] = [],
): HclBlock {
  return block("resource", [type, name], attributes, blocks);
}

/** Something that is looked up. */
export function data(type: string, name: string, attributes: Attributes, blocks: readonly HclEntry[] = []): HclBlock {
  return block("data", [type, name], attributes, blocks);
}

/** A block inside another. */
export function nested(type: string, attributes: Attributes, blocks: readonly HclEntry[] = []): HclBlock {
  return { block: type, body: [...attributesOf(attributes), ...blocks] };
}

/** A typed and described variable; without a default it has to be given. */
export function variable(name: string, type: string, description: string, value?: HclValue): HclBlock {
  return {
    block: "variable",
    labels: [name],
    body: [
      { attribute: "description", value: description },
      { attribute: "type", value: { expression: type } },
      ...(value === undefined ? [] : [{ attribute: "default", value }]),
    ],
  };
}

/** A value that other tools read. */
export function output(name: string, description: string, value: HclValue): HclBlock {
  return block("output", [name], { description, value });
}

/** A name as Terraform takes it: `shop-api` as shop_api. */
export function identifier(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^(?=\d)/, "_");
}

/** The same block with a comment above it. */
export function commented(comment: string, item: HclBlock): HclBlock {
  return { ...item, comment };
}

/** A check of a variable, with what people are told where it fails. */
export function validation(condition: string, message: string): HclBlock {
  return nested("validation", { condition: { expression: condition }, error_message: message });
}

/** The same block with more blocks at its end. */
export function extended(item: HclBlock, more: readonly HclBlock[]): HclBlock {
  return { ...item, body: [...item.body, ...more] };
}
