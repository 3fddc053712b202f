import { createHash } from "node:crypto";
import { z } from "zod";
import { ExternalError } from "../../core/errors.ts";
import { imageName } from "../../formats/image-name.ts";
import { ask, content, json, parsed } from "./request.ts";
import { candidates } from "./versions.ts";

interface ImageSearch {
  /** Address of a registry by its host; its own where it is left out. */
  registries: Readonly<Record<string, string>>;
  signal: AbortSignal;
  deadlineMs?: number;
  /** Milliseconds since the epoch; images made later are not taken. */
  createdBefore: number;
}

const Tags = z.object({ tags: z.array(z.string()).nullable() });
const Token = z.union([
  z.object({ token: z.string() }),
  z.object({ access_token: z.string() }).transform((it) => ({ token: it.access_token })),
]);
const Descriptor = z.object({
  digest: z.string(),
  platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
});
const Manifest = z.object({ manifests: z.array(Descriptor).optional(), config: Descriptor.optional() });
const Config = z.object({ created: z.iso.datetime({ offset: true }) });
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");
const MOST_PAGES = 30;
/** Candidates that are looked at: the newest ones may be too young. */
const MOST_TRIED = 5;

/** The newest image of a line that is old enough, with the digest of its index. Undefined where nothing of that line is to be found. */
export async function newestImage(
  tagged: string,
  line: string,
  search: ImageSearch,
): Promise<{ tag: string; digest: string } | undefined> {
  const place = placeOf(tagged, search);
  if (!place) return undefined;
  const registry = session(place, search);
  const { tag: now = "", written } = place;
  const found = candidates(await allTags(registry), { now, line });
  // Tags that move, such as `22-bookworm-slim`, have no version to compare: their own digest is taken.
  for (const tag of [...found.slice(0, MOST_TRIED), ...(found.includes(now) ? [] : [now])]) {
    const { digest, created } = await describe(registry, tag);
    if (created <= search.createdBefore) return { tag: `${written}:${tag}`, digest };
  }
  return undefined;
}

interface Place {
  base: string;
  repository: string;
  /** As files write it. */
  written: string;
  tag: string | undefined;
}

function placeOf(tagged: string, { registries }: ImageSearch): Place | undefined {
  const name = imageName(tagged);
  if (!name || name.open) return undefined;
  const host = name.registry ?? "docker.io";
  const repository =
    host === "docker.io" && !name.repository.includes("/") ? `library/${name.repository}` : name.repository;
  const base = registries[host] ?? `https://${host === "docker.io" ? "registry-1.docker.io" : host}`;
  return { base, repository, written: tagged.replace(/@.*$/, "").replace(/:[^/:]*$/, ""), tag: name.tag };
}

/** Requests to one repository, with the token that the registry wants for reading it. */
interface Registry {
  get(path: string): Promise<Response>;
  signal: AbortSignal;
  deadlineMs: number | undefined;
}

function session({ base, repository }: Place, { signal, deadlineMs }: ImageSearch): Registry {
  let authorization: string | undefined;
  const once = (path: string) =>
    ask(path.startsWith("/") ? `${base}${path}` : `${base}/v2/${repository}/${path}`, {
      signal,
      ...(deadlineMs ? { deadlineMs } : {}),
      headers: { accept: MANIFESTS, ...(authorization ? { authorization } : {}) },
    });
  return {
    signal,
    deadlineMs,
    async get(path) {
      const answer = await once(path);
      if (answer.status !== 401) return answer;
      await answer.body?.cancel();
      const { token } = await json(
        await ask(tokenAddress(answer, base, repository), { signal, ...(deadlineMs ? { deadlineMs } : {}) }),
        Token,
        signal,
        deadlineMs,
      );
      authorization = `Bearer ${token}`;
      const again = await once(path);
      if (again.status === 401) throw refused(base, "refuses its own token");
      return again;
    },
  };
}

/** Where to ask for a token, as the refusal says it. */
function tokenAddress(answer: Response, base: string, repository: string): string {
  const header = answer.headers.get("www-authenticate") ?? "";
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`, "i").exec(header)?.[1];
  const realm = URL.parse(field("realm") ?? "");
  // A token is asked for nowhere but over TLS, or on this machine.
  if (!realm || !(realm.protocol === "https:" || realm.hostname === "127.0.0.1"))
    throw refused(base, "wants to know who asks");
  realm.searchParams.set("scope", field("scope") ?? `repository:${repository}:pull`);
  const service = field("service");
  if (service) realm.searchParams.set("service", service);
  return realm.href;
}

async function allTags(registry: Registry): Promise<string[]> {
  const tags: string[] = [];
  let path: string | undefined = "tags/list?n=1000";
  for (let page = 0; path !== undefined && page < MOST_PAGES; page += 1) {
    const answer: Response = await registry.get(path);
    const link = /<([^>]+)>;\s*rel="?next"?/.exec(answer.headers.get("link") ?? "")?.[1];
    const next: URL | null = link === undefined ? null : URL.parse(link, answer.url);
    path = next ? `${next.pathname}${next.search}` : undefined;
    tags.push(...((await json(answer, Tags, registry.signal, registry.deadlineMs)).tags ?? []));
  }
  return tags;
}

/** The digest is that of the bytes which came: a registry that names another one, or another than was asked for, is not believed. */
async function manifestOf(registry: Registry, reference: string) {
  const answer = await registry.get(`manifests/${reference}`);
  const bytes = await content(answer, registry.signal, registry.deadlineMs);
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const said = answer.headers.get("docker-content-digest") ?? digest;
  if (said !== digest || (reference.startsWith("sha256:") && reference !== digest))
    throw refused(answer.url, `sends other bytes for ${reference} than it says`);
  return { digest, url: answer.url, manifest: parsed(answer.url, bytes, Manifest) };
}

async function describe(registry: Registry, tag: string): Promise<{ digest: string; created: number }> {
  const { digest, url, ...index } = await manifestOf(registry, tag);
  let { manifest } = index;
  const usual = manifest.manifests?.find(
    ({ platform }) => platform?.os === "linux" && platform.architecture === "amd64",
  );
  if (usual) ({ manifest } = await manifestOf(registry, usual.digest));
  if (!manifest.config) throw refused(url, `does not say when ${tag} was made`);
  const { created } = await json(
    await registry.get(`blobs/${manifest.config.digest}`),
    Config,
    registry.signal,
    registry.deadlineMs,
  );
  return { digest, created: Date.parse(created) };
}

function refused(address: string, why: string): ExternalError {
  return new ExternalError({
    code: "SM-PINS-REGISTRY",
    message: `${URL.parse(address)?.host ?? address} ${why}`,
    next: "the pin stays as it is",
  });
}
