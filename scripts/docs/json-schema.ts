import { cell } from "./markdown.ts";

/** The part of JSON Schema that Zod writes for the manifest. */
export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  required?: string[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  description?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  duration?: boolean;
}

const NAME = "^[a-z][a-z0-9-]{0,39}$";

/** Whether the value is an object with named keys, which gets a section of its own. */
export function isObject({ properties }: JsonSchema): boolean {
  return properties !== undefined;
}

/** What may stand there, in words; `link` names an object's section. */
export function typeName(schema: JsonSchema, link: (inner: JsonSchema) => string): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices)
    return isCommand(choices) ? "command" : unique(choices.map((choice) => typeName(choice, link))).join(" or ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (isObject(schema)) return link(schema);
  if (schema.items) return `list of ${grouped(typeName(schema.items, link))}`;
  if (typeof schema.additionalProperties === "object") return `map of ${typeName(schema.additionalProperties, link)}`;
  return plainName(schema);
}

function plainName({ type, pattern, duration, minimum, maximum }: JsonSchema): string {
  if (duration) return "duration";
  if (pattern === NAME) return "name";
  if (pattern) return `text like ${cell(`\`${pattern.replaceAll("\\/", "/")}\``)}`;
  if (type === undefined) return "anything";
  const names = [type].flat().map((name) => ({ string: "text", null: "nothing" })[name] ?? name);
  const range = minimum !== undefined && maximum !== undefined ? `, ${minimum} to ${maximum}` : "";
  return `${names.join(" or ")}${range}`;
}

/** The union that the `Command` field writes: a list of words or one line. */
function isCommand(choices: JsonSchema[]): boolean {
  return choices.length === 2 && choices[0]?.items?.type === "string" && choices[1]?.type === "string";
}

function grouped(text: string): string {
  return text.includes(" or ") ? `(${text})` : text;
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}
