import { imageName, officialName } from "../../formats/image-name.ts";

/** What a base image is known to have and to lack; what neither list names is not known. */
interface Contents {
  has: readonly string[];
  lacks: readonly string[];
}

const BUSYBOX = ["sh", "wget", "nc", "ps", "ping", "vi"];
const NOTHING: Contents = { has: [], lacks: ["sh", "bash", "curl", "wget", "nc", "cat", "echo", "test"] };
/** Images of these runtimes bring no more than the system below them and the runtime. */
const RUNTIMES: Record<string, readonly string[]> = {
  node: ["node", "npm", "npx", "yarn", "corepack"],
  python: ["python", "python3", "pip", "pip3"],
  ruby: ["ruby", "gem", "bundle", "irb"],
  golang: ["go"],
  rust: ["cargo", "rustc"],
  perl: ["perl"],
  elixir: ["elixir", "mix"],
  erlang: ["erl"],
};
/** What a bare system has only where it was installed. */
const ABSENT = ["node", "npm", "npx", "yarn", "pnpm", "bun", "deno", "java", "php", "ruby", "python", "python3"];
const SYSTEMS = new Set(["debian", "ubuntu", "alpine"]);

/** What is known of an image by its name; undefined for images of others. */
export function contentsOf(image: string): Contents | undefined {
  if (image === "scratch") return { has: [], lacks: [...NOTHING.lacks, ...ABSENT] };
  const parts = imageName(image);
  if (!parts || parts.open) return undefined;
  const tag = parts.tag ?? "latest";
  if (parts.registry === "gcr.io" && parts.repository.startsWith("distroless/"))
    return /debug/.test(tag) ? { has: BUSYBOX, lacks: ["curl", "bash"] } : NOTHING;
  if (parts.registry === "mcr.microsoft.com" && /^dotnet\/(?:aspnet|runtime|runtime-deps)$/.test(parts.repository)) {
    if (/chiseled|distroless/.test(tag)) return NOTHING;
    if (/windows|nanoserver|ltsc/.test(tag)) return undefined;
    return /alpine/.test(tag)
      ? { has: BUSYBOX, lacks: ["curl", "bash"] }
      : { has: ["sh", "bash"], lacks: ["curl", "wget"] };
  }
  const name = officialName(parts);
  return name === undefined ? undefined : ofOfficial(name, tag);
}

function ofOfficial(name: string, tag: string): Contents | undefined {
  if (name === "busybox") return { has: BUSYBOX, lacks: ["curl", "bash"] };
  // Both bring curl for themselves.
  if (name === "nginx") return { has: ["curl", "sh"], lacks: /alpine/.test(tag) ? ["bash"] : ["wget"] };
  if (name === "php") return { has: ["curl", "php", "sh"], lacks: [] };
  if (name === "caddy") return { has: ["caddy", ...BUSYBOX], lacks: ["curl", "bash"] };
  const runtime = RUNTIMES[name];
  if (!runtime && !SYSTEMS.has(name)) return undefined;
  const own = runtime ?? [];
  const absent = runtime ? [] : ABSENT;
  if (name === "alpine" || /alpine/.test(tag)) return { has: [...own, ...BUSYBOX], lacks: ["curl", "bash", ...absent] };
  if (SYSTEMS.has(name) || /slim/.test(tag))
    return { has: [...own, "sh", "bash"], lacks: ["curl", "wget", "nc", ...absent] };
  // Built on the images that carry what is needed to build packages.
  return { has: [...own, "sh", "bash", "curl", "wget"], lacks: [] };
}

/** Official images in which nothing lies outside the folders of the system. */
const PLAIN = new Set(
  (
    "node python ruby golang rust perl elixir erlang php debian ubuntu alpine busybox nginx httpd caddy openjdk eclipse-temurin " +
    "amazoncorretto maven gradle haskell fedora amazonlinux rockylinux almalinux centos oraclelinux buildpack-deps gcc"
  ).split(" "),
);

/** Whether an application finds its folders empty in an image. */
export function isPlainImage(image: string): boolean {
  if (contentsOf(image)) return true;
  const parts = imageName(image);
  if (!parts || parts.open) return false;
  const name = officialName(parts);
  return (
    (name !== undefined && PLAIN.has(name)) ||
    (parts.registry === "mcr.microsoft.com" &&
      /^dotnet\/(?:nightly\/)?(?:sdk|aspnet|runtime|runtime-deps)$/.test(parts.repository)) ||
    /^(?:oven\/bun|denoland\/deno)$/.test(parts.repository)
  );
}
