import { Document, isMap, isScalar, isSeq, type Node, Scalar, visit } from "yaml";
import type { Path } from "./document.ts";

export interface YamlOptions {
  /** Comment lines at the top, without `#`. */
  header?: readonly string[];
  /** Comment lines above a key or list item, without `#`, with the path it is about. */
  comments?: readonly (readonly [path: Path, text: string])[];
  /** Whether a blank line separates the top-level keys. */
  spaced?: boolean;
  /** Whether null is a key without a value, as people write it, instead of `null`. */
  emptyNulls?: boolean;
}

/** Plain data as YAML: keys as given, no anchors, long lines kept, texts of several lines as blocks. What is undefined is left out. */
export function yamlText(
  value: unknown,
  { header = [], comments = [], spaced = false, emptyNulls = false }: YamlOptions = {},
): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  for (const [path, text] of comments) {
    const node = keyNode(document, path);
    if (node) node.commentBefore = commented(text);
  }
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === "string" && node.value.includes("\n")) node.type = Scalar.BLOCK_LITERAL;
    },
  });
  if (spaced && isMap(document.contents))
    for (const { key } of document.contents.items.slice(1)) if (isScalar(key)) key.spaceBefore = true;
  const top = header.map((line) => (line === "" ? "#" : `# ${line}`)).join("\n");
  const body = document.toString({
    lineWidth: 0,
    flowCollectionPadding: true,
    ...(emptyNulls ? { nullStr: "" } : {}),
  });
  return top === "" ? body : `${top}\n${body}`;
}

function commented(text: string): string {
  return text
    .split("\n")
    .map((line) => ` ${line}`)
    .join("\n");
}

/** The node a comment stands above: the key of a mapping, or the item of a list. */
function keyNode(document: Document, path: Path): Node | undefined {
  const last = path.at(-1);
  const parent = path.length <= 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isMap(parent))
    return parent.items.find(({ key }) => isScalar(key) && key.value === last)?.key as Node | undefined;
  return isSeq(parent) ? (parent.items[Number(last)] as Node | undefined) : undefined;
}
