import { parseSync } from "vite";

/** One place of the source that makes an error. */
export interface ErrorUse {
  code: string;
  /** The class it is thrown as, where the source says it in the same expression. */
  kind: string | undefined;
  messages: string[];
  nexts: string[];
}

type Node = { type: string; start: number; end: number; [key: string]: unknown };

const CODE = /^SM-[A-Z]+(?:-[A-Z]+)*$/;
const KINDS = ["UserError", "PolicyError", "ExternalError", "OutcomeUnknown", "Bug"];

/**
 * Every `SM-…` code that a source file gives to an error: an object with `code`, or a call `f("SM-…", message, next)`.
 * Interpolations of a message become `<name>` where the expression has one, else `…`.
 */
export function errorUses(file: string, text: string): ErrorUse[] {
  const program = parseSync(file, text).program as unknown as Node;
  const makers = makersOf(text);
  const constants = constantsOf(program);
  const textsOf = (node: unknown) => texts(node as Node | undefined, constants);
  const uses: ErrorUse[] = [];
  const add = (kind: string | undefined, code: unknown, message: unknown, next: unknown) => {
    const codes = textsOf(code);
    for (const [index, item] of codes.entries()) {
      const words = (node: unknown) => matching(textsOf(node), index, codes.length);
      if (CODE.test(item)) uses.push({ code: item, kind, messages: words(message), nexts: words(next) });
    }
  };
  const visit = (node: Node, kind: string | undefined) => {
    const name = String((node.callee as Node | undefined)?.name);
    const inner = node.type === "NewExpression" && KINDS.includes(name) ? name : kind;
    if (node.type === "ObjectExpression" && propertyOf(node, "message"))
      add(inner, propertyOf(node, "code"), propertyOf(node, "message"), propertyOf(node, "next"));
    const [code, message, next] = node.type === "CallExpression" ? (node.arguments as Node[]) : [];
    if (code?.type === "Literal") add(makers.get(name) ?? inner, code, message, next);
    for (const child of childrenOf(node)) visit(child, inner);
  };
  visit(program, file.startsWith("src/config/") ? "UserError" : undefined);
  return uses;
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((value): value is Node => typeof value === "object" && value !== null && "type" in value);
}

/** `late ? A : B` for the code and `late ? a : b` for the words belong together. */
function matching(words: string[], index: number, count: number): string[] {
  return count > 1 && words.length === count ? words.slice(index, index + 1) : words;
}

/** The module's own functions that make errors, e.g. `problem(code, message, next)`, and of which class. */
function makersOf(text: string): Map<string, string> {
  const functions = text.matchAll(/^function (\w+)\(.*\{\n(?: .*\n)*?.*\bnew (\w+)\(\{/gm);
  return new Map([...functions].map(([, name = "", kind = ""]) => [name, kind]));
}

function propertyOf(object: Node, key: string): unknown {
  const properties = object.properties as { type: string; key: Node; value: Node }[];
  return properties.find((property) => property.type === "Property" && property.key.name === key)?.value;
}

/** The module's own `const NAME = "text"` or a number. */
function constantsOf(program: Node): Map<string, Node> {
  const declarations = (program.body as Node[]).flatMap((node) => {
    const inner = (node.declaration as Node | undefined) ?? node;
    return inner.type === "VariableDeclaration" ? (inner.declarations as { id: Node; init: Node | null }[]) : [];
  });
  return new Map(declarations.flatMap(({ id, init }) => (init?.type === "Literal" ? [[String(id.name), init]] : [])));
}

/** The texts an expression can be; alternatives of `a ? b : c` and `a ?? b` each. */
function texts(node: Node | undefined, constants: Map<string, Node>): string[] {
  const inner = (child: unknown) => texts(child as Node | undefined, constants);
  if (node?.type === "Literal") return node.value === null ? [] : [String(node.value)];
  if (node?.type === "TemplateLiteral") return [template(node, constants)];
  if (node?.type === "ConditionalExpression") return [...inner(node.consequent), ...inner(node.alternate)];
  if (node?.type === "LogicalExpression") return [...inner(node.left), ...inner(node.right)];
  if (node?.type === "BinaryExpression") return [join(inner(node.left), inner(node.right))];
  if (node?.type === "Identifier" && constants.has(String(node.name))) return inner(constants.get(String(node.name)));
  return [];
}

function join(left: string[], right: string[]): string {
  return `${left[0] ?? "…"}${right[0] ?? "…"}`;
}

function template({ quasis, expressions }: Node, constants: Map<string, Node>): string {
  const parts = quasis as { value: { cooked: string } }[];
  const inserts = expressions as Node[];
  return parts.map(({ value }, index) => value.cooked + placeholder(inserts[index], constants)).join("");
}

function placeholder(node: Node | undefined, constants: Map<string, Node>): string {
  if (!node) return "";
  const name = node.type === "MemberExpression" ? (node.property as Node).name : node.name;
  const constant = node.type === "Identifier" ? constants.get(String(name)) : undefined;
  if (constant) return String(constant.value);
  return typeof name === "string" ? `<${name}>` : "…";
}
