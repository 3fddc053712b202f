const VARIABLE = /\\\$|\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^{}]*))?\})/g;

/** Replaces `$NAME`, `${NAME}`, `${NAME:-else}` and `${NAME:+then}` as Dockerfiles do; what is not known stays as written. */
export function expandVariables(text: string, known: Readonly<Record<string, string>>): string {
  return text.replace(VARIABLE, (whole: string, bare?: string, braced?: string, mark = "", other = "") => {
    const name = bare ?? braced;
    if (name === undefined) return whole;
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    const set = value !== undefined && !(mark.startsWith(":") && value === "");
    if (mark.endsWith("+")) return value === undefined ? whole : set ? other : "";
    if (mark.endsWith("-")) return set ? value : other;
    return value ?? whole;
  });
}
