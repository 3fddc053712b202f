/** What the name of an image says. */
export interface ImageReference {
  /** Without registry, tag and digest, in lower case: `bitnami/node`. */
  path: string;
  /** Last part of the path: `node`. */
  name: string;
  tag: string;
}

/** Takes the name of an image apart; undefined where variables hide it. */
export function imageReference(image: string): ImageReference | undefined {
  const clean = image.trim().replace(/@sha256:[0-9a-f]*$/i, "");
  // A colon before a slash is that of the registry's port.
  const colon = clean.indexOf(":", clean.lastIndexOf("/") + 1);
  const whole = colon === -1 ? clean : clean.slice(0, colon);
  const tag = colon === -1 ? "" : clean.slice(colon + 1);
  const parts = whole.toLowerCase().split("/");
  const first = parts[0] ?? "";
  const path = (parts.length > 1 && /[.:]|^localhost$/.test(first) ? parts.slice(1) : parts)
    .join("/")
    .replace(/^library\//, "");
  const name = path.slice(path.lastIndexOf("/") + 1);
  return /[${}\s]/.test(path) || name === "" ? undefined : { path, name, tag: /[${}]/.test(tag) ? "" : tag };
}

/** The number a tag begins with: `3.12-slim` is 3.12. */
export function leadingVersion(tag: string): string | null {
  return /^v?(\d+(?:\.\d+){0,3})(?![\w.])/.exec(tag)?.[1] ?? null;
}
