import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Fault = "hang" | "drip" | "html" | "half" | { status: number; headers?: Record<string, string> };
type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | undefined;

/** A server on a real port. A fault takes the place of the answers to paths that contain its key. */
async function start(answer: (request: IncomingMessage, url: URL) => Answer) {
  const asked: string[] = [];
  const faults = new Map<string, Fault>();
  const drips = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", base());
    asked.push(`${request.method} ${url.pathname}`);
    const fault = [...faults].find(([part]) => url.pathname.includes(part))?.[1];
    if (fault === "drip") return void drips.add(drip(response));
    if (fault) return fail(response, fault);
    const given = request.method === "GET" ? answer(request, url) : { status: 405 };
    const status = given?.status ?? (given ? 200 : 404);
    response.writeHead(status, { "content-type": "application/json", ...given?.headers });
    response.end(JSON.stringify(given?.body ?? { message: "Not Found" }));
  });
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: base(),
    asked,
    faults,
    async stop() {
      for (const timer of drips) clearInterval(timer);
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function fail(response: ServerResponse, fault: Exclude<Fault, "drip">): void {
  if (fault === "hang") return;
  if (fault === "html") return void response.writeHead(200).end("<html>busy</html>");
  if (fault === "half") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    return void response.write('{"tags": [');
  }
  response.writeHead(fault.status, fault.headers).end("{}");
}

/** A byte now and then, without end. */
function drip(response: ServerResponse): NodeJS.Timeout {
  response.writeHead(200, { "content-type": "application/json" });
  return setInterval(() => response.write(" "), 50);
}

export interface Release {
  tag: string;
  commit: string;
  /** YYYY-MM-DD. */
  published: string;
  annotated?: boolean;
  draft?: boolean;
  prerelease?: boolean;
}

/** What GitHub answers about releases and tags, as `repositories` is at that moment. It wants what GitHub wants, and counts requests without a token. */
export async function startReleases(
  repositories: Readonly<Record<string, readonly Release[]>>,
  { token, hourly = 60 }: { token?: string; hourly?: number } = {},
) {
  let left = hourly;
  return await start(({ headers }, { pathname, searchParams }): Answer => {
    if (!headers["user-agent"]) return { status: 403 };
    if (headers.accept !== "application/vnd.github+json" || !headers["x-github-api-version"]) return { status: 400 };
    if (headers.authorization !== undefined && headers.authorization !== `Bearer ${token}`) return { status: 401 };
    if (headers.authorization === undefined && left-- <= 0)
      return { status: 403, headers: { "x-ratelimit-remaining": "0" } };
    const [, owner, name, rest = ""] = /^\/repos\/([^/]+)\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
    const releases = repositories[`${owner}/${name}`];
    if (!releases) return undefined;
    if (rest === "releases")
      return {
        body: releases
          .slice(0, Number(searchParams.get("per_page") ?? 30))
          .map(({ tag, published, draft = false, prerelease = false }) => ({
            tag_name: tag,
            draft,
            prerelease,
            published_at: draft ? null : `${published}T00:00:00Z`,
          })),
      };
    const [, named] = /^git\/ref\/tags\/(.+)$/.exec(rest) ?? [];
    const byName = releases.find(({ tag }) => tag === named);
    if (byName)
      return {
        body: {
          object: byName.annotated ? { type: "tag", sha: tagObject(byName) } : { type: "commit", sha: byName.commit },
        },
      };
    const object = /^git\/tags\/([0-9a-f]{40})$/.exec(rest)?.[1];
    const annotated = releases.find((release) => tagObject(release) === object);
    return annotated && { body: { object: { type: "commit", sha: annotated.commit } } };
  });
}

function tagObject({ tag, commit }: Release): string {
  return createHash("sha1").update(`tag ${tag} ${commit}`).digest("hex");
}

/**
 * A registry that wants a token for each repository, good for a few requests, gives tags in pages of two, and sends those who want blobs
 * to a store that refuses credentials. Tags are given with the day they were made, as `repositories` is at that moment.
 */
export async function startRegistry(repositories: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const blobs = new Map<string, unknown>();
  const keep = (value: unknown) => {
    const digest = digestOf(value);
    blobs.set(digest, value);
    return digest;
  };
  const store = await start(({ headers }, { pathname }): Answer => {
    if (headers.authorization !== undefined) return { status: 400 };
    const body = blobs.get(pathname.slice(1));
    return body === undefined ? undefined : { body };
  });
  const uses = new Map<string, number>();
  const server = await start(({ headers }, { pathname, searchParams, origin }): Answer => {
    if (pathname === "/token") {
      if (searchParams.get("service") !== "registry.test") return { status: 400 };
      const token = `${uses.size} for ${searchParams.get("scope")}`;
      uses.set(token, 4);
      return { body: { token } };
    }
    const [, repository = "", kind, name = ""] = /^\/v2\/(.+)\/(tags|manifests|blobs)\/(.+)$/.exec(pathname) ?? [];
    const token = /^Bearer (.*)$/.exec(headers.authorization ?? "")?.[1] ?? "";
    const left = token.endsWith(` for repository:${repository}:pull`) ? (uses.get(token) ?? 0) : 0;
    uses.set(token, left - 1);
    if (left <= 0)
      return {
        status: 401,
        headers: {
          "www-authenticate": `Bearer realm="${origin}/token",service="registry.test",scope="repository:${repository}:pull"`,
        },
      };
    const tags = repositories[repository];
    if (!tags) return undefined;
    if (kind === "tags") {
      const names = Object.keys(tags).sort();
      const from = names.indexOf(searchParams.get("last") ?? "") + 1;
      const page = names.slice(from, from + 2);
      const more = from + 2 < names.length;
      return {
        body: { tags: page },
        ...(more ? { headers: { link: `</v2/${repository}/tags/list?n=2&last=${page.at(-1)}>; rel="next"` } } : {}),
      };
    }
    if (kind === "blobs") return { status: 307, headers: { location: `${store.url}/${name}` } };
    if (name.startsWith("sha256:")) {
      const body = blobs.get(name);
      return body === undefined ? undefined : { body, headers: { "docker-content-digest": name } };
    }
    const created = tags[name];
    if (created === undefined || !headers.accept?.includes("image.index")) return undefined;
    const config = keep({ created: `${created}T00:00:00Z`, architecture: "amd64", of: `${repository}:${name}` });
    const manifest = keep({ config: { digest: config } });
    const index = { manifests: [{ digest: manifest, platform: { os: "linux", architecture: "amd64" } }] };
    return { body: index, headers: { "docker-content-digest": digestOf(index) } };
  });
  const stop = async () => void (await Promise.all([server.stop(), store.stop()]));
  return { ...server, store: store.faults, stop };
}

/** The days on which versions of packages were published; those with a `-` in front were taken back. */
type Packages = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The indexes of npm and of Python, as `npm` and `python` are at that moment. */
export async function startIndexes({ npm = {}, python = {} }: { npm?: Packages; python?: Packages }) {
  const day = (published: string) => `${published.replace(/^-/, "")}T00:00:00.000Z`;
  return await start((_, { pathname }): Answer => {
    const project = /^\/pypi\/([^/]+)\/json$/.exec(pathname)?.[1];
    const versions = project === undefined ? npm[decodeURIComponent(pathname.slice(1))] : python[project];
    if (!versions) return undefined;
    const all = Object.entries(versions);
    if (project !== undefined)
      return {
        body: {
          releases: Object.fromEntries(
            all.map(([version, published]) => [
              version,
              [{ upload_time_iso_8601: day(published), yanked: published.startsWith("-") }],
            ]),
          ),
        },
      };
    return {
      body: {
        time: Object.fromEntries(all.map(([version, published]) => [version, day(published)])),
        versions: Object.fromEntries(
          all.map(([version, published]) => [version, published.startsWith("-") ? { deprecated: "broken" } : {}]),
        ),
      },
    };
  });
}

function digestOf(value: unknown): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex")}`;
}
