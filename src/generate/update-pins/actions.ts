import { z } from "zod";
import { ExternalError } from "../../core/errors.ts";
import { ask, json } from "./request.ts";
import { newerReleases } from "./versions.ts";

interface Search {
  /** Address of the API of GitHub. */
  api: string;
  /** Token, without which GitHub answers 60 requests an hour. */
  token: string | undefined;
  signal: AbortSignal;
  deadlineMs?: number;
  /** Milliseconds since the epoch; younger releases are not taken. */
  publishedBefore: number;
  major: boolean;
}

const Releases = z.array(
  z.object({
    tag_name: z.string(),
    draft: z.boolean(),
    prerelease: z.boolean(),
    published_at: z.iso.datetime({ offset: true }).nullable(),
  }),
);
const Reference = z.object({ object: z.object({ type: z.string(), sha: z.string().regex(/^[0-9a-f]{40}$/) }) });
/** A tag may point at a tag, though hardly ever. */
const MOST_TAGS = 3;

/** The newest release of an action that is old enough, with the commit of its tag; undefined where there is none newer. */
export async function newestAction(
  name: string,
  now: string,
  search: Search,
): Promise<{ version: string; commit: string } | undefined> {
  const releases = await get(`/repos/${name}/releases?per_page=100`, Releases, search);
  const [best] = newerReleases(
    releases
      .filter(
        ({ draft, prerelease, published_at: at }) =>
          !draft && !prerelease && at !== null && Date.parse(at) <= search.publishedBefore,
      )
      .map(({ tag_name: tag }) => ({ tag })),
    { now, major: search.major },
  );
  return best && { version: best.tag, commit: await commitOf(name, best.tag, search) };
}

/** The commit of a tag; an annotated tag is an object of its own that names it. */
async function commitOf(name: string, tag: string, search: Search): Promise<string> {
  let { object } = await get(`/repos/${name}/git/ref/tags/${encodeURIComponent(tag)}`, Reference, search);
  for (let left = MOST_TAGS; object.type === "tag" && left > 0; left -= 1)
    object = (await get(`/repos/${name}/git/tags/${object.sha}`, Reference, search)).object;
  if (object.type === "commit") return object.sha;
  throw new ExternalError({
    code: "SM-PINS-TAG",
    message: `tag ${tag} of ${name} points at no commit`,
    next: "the pin stays as it is",
  });
}

async function get<T>(path: string, schema: z.ZodType<T>, { api, token, signal, deadlineMs }: Search): Promise<T> {
  const headers = {
    accept: "application/vnd.github+json",
    "user-agent": "stationmaster",
    "x-github-api-version": "2022-11-28",
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const answer = await ask(`${api.replace(/\/+$/, "")}${path}`, {
    signal,
    headers,
    ...(deadlineMs ? { deadlineMs } : {}),
  });
  if (answer.status === 401) {
    await answer.body?.cancel();
    throw new ExternalError({
      code: "SM-PINS-TOKEN",
      message: "GitHub does not take the token",
      next: "set GITHUB_TOKEN to one that is valid, or unset it",
    });
  }
  return await json(answer, schema, signal, deadlineMs);
}
