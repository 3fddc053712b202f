import { isObject, type JsonSchema, typeName } from "./json-schema.ts";
import { cell, GENERATED } from "./markdown.ts";

const INTRO = `# The manifest

${GENERATED}

\`stationmaster.yaml\` describes one application. Keys that are not listed here are errors, with the nearest spelling.
The [guide](../guide/manifest.md) shows how the parts work together; editors complete the file by [the JSON Schema](stationmaster.schema.json).

- A **duration** is a number with a unit: \`250ms\`, \`5s\`, \`10m\`, \`1h\`, \`7d\`.
- A **name** has lower-case letters, digits and dashes, starts with a letter, at most 40 characters.
- A **command** is a list of a program and its arguments, or one line split at blanks. There is no shell: no pipes, no \`&&\`.
- \`\${secret:NAME}\`, \`\${store:NAME}\` and \`\${service:NAME}\` are replaced by a secret, the address of a store and the routed address of a service.
`;

const TOP = "Top level";

interface Section {
  title: string;
  schema: JsonSchema;
}

/** The reference page of the manifest, one section for each kind of object in it. */
export function manifestPage(schema: JsonSchema): string {
  const sections = collect(schema);
  return [INTRO, ...sections.map((section) => render(section, sections))].join("\n");
}

/** Every object of the schema with where it stands, outer ones first; one that is used in several places appears once. */
function collect(root: JsonSchema): Section[] {
  const sections: Section[] = [];
  const visit = (title: string, schema: JsonSchema) => {
    if (sections.some((known) => isSame(known.schema, schema))) return;
    sections.push({ title: title.replace(/^.*?\.expect(?![a-z])/, "expect") || TOP, schema });
    for (const [key, value] of Object.entries(schema.properties ?? {}))
      for (const inner of nested(title ? `${title}.${key}` : key, value)) visit(inner.title, inner.schema);
  };
  visit("", root);
  return sections;
}

/** The objects with named keys inside a value, with where they stand. */
function nested(path: string, schema: JsonSchema): Section[] {
  const here = isObject(schema) ? [{ title: path, schema }] : [];
  const each = schema.items ? nested(`${path}[]`, schema.items) : [];
  const { additionalProperties } = schema;
  const values = typeof additionalProperties === "object" ? nested(`${path}.<name>`, additionalProperties) : [];
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const several = choices.filter(isObject).length > 1;
  return [
    ...here,
    ...each,
    ...values,
    ...choices.flatMap((choice) => nested(several ? `${path} (${kindOf(choice)})` : path, choice)),
  ];
}

/** What tells an object from its alternatives: the value of `kind`, else its first key. */
function kindOf({ properties = {} }: JsonSchema): string {
  return String(properties.kind?.const ?? Object.keys(properties)[0] ?? "");
}

function render({ title, schema }: Section, sections: Section[]): string {
  const link = (inner: JsonSchema) => {
    const found = sections.find((section) => isSame(section.schema, inner));
    return found ? `[${label(found.title)}](#${anchor(found.title)})` : "object";
  };
  const rows = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const required = schema.required?.includes(key) && value.default === undefined;
    const standard = required ? "**required**" : defaultOf(value);
    return `| \`${key}\` | ${typeName(value, link)} | ${standard} | ${cell(value.description ?? "")} |`;
  });
  const [, path = "", kind = ""] = /^(.*?)( \(.*\))?$/.exec(title) ?? [];
  return [
    `<a id="${anchor(title)}"></a>\n`,
    `## ${title === TOP ? TOP : `\`${path}\`${kind}`}\n`,
    "| key | value | default | meaning |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

function defaultOf({ default: value }: JsonSchema): string {
  if (value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0))
    return "";
  const text = Array.isArray(value)
    ? `[${value.join(", ")}]`
    : typeof value === "string"
      ? value
      : JSON.stringify(value);
  return `\`${text}\``;
}

/** `services.<name>` is called services; one of several kinds by its kind. */
function label(title: string): string {
  const kind = /\((.*)\)$/.exec(title)?.[1];
  const parts = title.split(".").filter((part) => !part.startsWith("<"));
  return kind ?? (parts.at(-1) ?? "").replace("[]", "");
}

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** Same keys with the same meaning, whatever is said about the place. */
function isSame(a: JsonSchema, b: JsonSchema): boolean {
  return shape(a) === shape(b);
}

function shape({ properties, required }: JsonSchema): string {
  return JSON.stringify({ properties, required });
}
