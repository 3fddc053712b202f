/** What `uses:` names. */
export type Uses =
  | { kind: "local"; raw: string; path: string }
  | { kind: "docker"; raw: string; image: string }
  /** `name` is `owner/repository` in lower case, `path` what follows it. */
  | { kind: "repository"; raw: string; name: string; path: string; ref: string | undefined };

/** Reads a `uses:`. */
export function parseUses(raw: string): Uses {
  if (raw.startsWith("./") || raw.startsWith("../")) return { kind: "local", raw, path: raw };
  if (raw.startsWith("docker://")) return { kind: "docker", raw, image: raw.slice("docker://".length) };
  const at = raw.indexOf("@");
  const [owner = "", repository = "", ...path] = raw.slice(0, at === -1 ? undefined : at).split("/");
  return {
    kind: "repository",
    raw,
    name: `${owner}/${repository}`.toLowerCase(),
    path: path.join("/"),
    ref: at === -1 ? undefined : raw.slice(at + 1),
  };
}
