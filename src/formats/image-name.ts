/** The parts of the name of a container image. */
export interface ImageName {
  /** Host of the registry; undefined for Docker Hub without its name. */
  registry: string | undefined;
  /** Without registry, tag and digest: `node`, `library/node`, `acme/api`. */
  repository: string;
  tag: string | undefined;
  digest: string | undefined;
  /** Whether a variable is left in it, so that not all of it is known. */
  open: boolean;
}

/** Splits the name of an image. Undefined for what can be none, such as an empty text. */
export function imageName(text: string): ImageName | undefined {
  const [whole = "", digest] = text.trim().split("@", 2);
  const open = /\$|\{\{|<|%/.test(text);
  // A variable may hold colons and slashes: `${IMAGE:-node:20}` is looked at as one piece.
  const masked = whole.replace(/\$\{[^}]*\}/g, (part) => "x".repeat(part.length));
  const slash = masked.lastIndexOf("/");
  const colon = masked.indexOf(":", slash + 1);
  const name = colon === -1 ? whole : whole.slice(0, colon);
  const tag = colon === -1 ? undefined : whole.slice(colon + 1);
  if (name === "" || /\s/.test(whole)) return undefined;
  const first = masked.slice(0, Math.max(0, masked.indexOf("/")));
  const registry = /[.:]|^localhost$/.test(first) ? whole.slice(0, first.length) : undefined;
  const repository = registry === undefined ? name : name.slice(registry.length + 1);
  return { registry, repository, tag: tag || undefined, digest, open };
}

/** The short name of an image that Docker itself publishes: `node` of `docker.io/library/node:20`; undefined for all others. */
export function officialName({ registry, repository }: ImageName): string | undefined {
  if (registry === "public.ecr.aws" && repository.startsWith("docker/library/")) return repository.slice(15);
  if (
    registry === "mirror.gcr.io" ||
    registry === undefined ||
    /^(?:index\.|registry-1\.)?docker\.io$/.test(registry)
  ) {
    const name = repository.replace(/^library\//, "");
    return name.includes("/") ? undefined : name;
  }
  return undefined;
}
