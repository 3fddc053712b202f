/** A value of TypeScript source; `code` stands as it is. */
export type Source =
  | string
  | number
  | boolean
  | { code: string }
  | readonly Source[]
  | { readonly [key: string]: Source | undefined };

const LONGEST_LINE = 100;

/** A call or a name. */
export function code(text: string): { code: string } {
  return { code: text };
}

/** A value as TypeScript writes it: short ones on one line, keys without quotes where they need none. */
export function sourceText(value: Source, indent = ""): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (isList(value))
    return wrap(
      value.map((item) => sourceText(item, `${indent}  `)),
      "[]",
      indent,
    );
  if (typeof value.code === "string" && Object.keys(value).length === 1) return value.code;
  const entries = Object.entries(value).filter((entry): entry is [string, Source] => entry[1] !== undefined);
  return wrap(
    entries.map(
      ([key, item]) =>
        `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${sourceText(item, `${indent}  `)}`,
    ),
    "{}",
    indent,
  );
}

function wrap(items: readonly string[], [open, close]: string | readonly string[], indent: string): string {
  if (items.length === 0) return `${open}${close}`;
  const space = open === "{" ? " " : "";
  const line = `${open}${space}${items.join(", ")}${space}${close}`;
  if (!line.includes("\n") && indent.length + line.length <= LONGEST_LINE && items.length <= 4) return line;
  return `${open}\n${items.map((item) => `${indent}  ${item},`).join("\n")}\n${indent}${close}`;
}

function isList(value: Source): value is readonly Source[] {
  return Array.isArray(value);
}
