/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Template tag: every inserted value is escaped, except one made by this tag (or a list of those). */
export function html(parts: TemplateStringsArray, ...values: (string | number | Html | Html[] | undefined)[]): Html {
  return { html: parts.map((part, index) => part + (index < values.length ? render(values[index]) : "")).join("") };
}

function render(value: string | number | Html | Html[] | undefined): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map((item) => item.html).join("");
  if (typeof value === "object") return value.html;
  return String(value).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
