import { z } from "zod";
import { type Docker, jsonLines } from "./client.ts";

/**
 * Images that were pulled for us bear tags of ours, so that `docker image prune` spares the way back and we remove no image of
 * others: this one says that we pulled it, one of each application and state directory that it is needed. The tag is the digest.
 */
const PULLED = "stationmaster.pulled";
const NEEDED = "stationmaster.needed";

/** Who needs an image; several may deploy to one host. */
export interface Needing {
  app: string;
  store: string;
}

const Listed = z.object({ ID: z.string(), Repository: z.string(), Tag: z.string() });
type Listed = z.output<typeof Listed>;

/** Ids of all images on the host: what is there after a pull and not among them was pulled by us. */
export async function imageIds(docker: Docker, signal?: AbortSignal): Promise<Set<string>> {
  const args = ["image", "ls", "--all", "--quiet", "--no-trunc"];
  return new Set((await docker.call(args, { step: "list images", signal })).split("\n").filter(Boolean));
}

/** Notes that we pulled `image`, a reference by digest; first who needs it, as another's clean-up takes what nobody needs. */
export async function markPulled(
  docker: Docker,
  image: string,
  { who, signal }: { who?: Needing; signal?: AbortSignal | undefined },
): Promise<void> {
  const digest = digestIn(image);
  if (!digest) return;
  for (const mark of [...(who ? [neededBy(who)] : []), PULLED])
    await docker.call(["tag", image, `${mark}:${digest}`], { step: `mark ${image}`, signal });
}

/** Notes who needs an image that we pulled; of others nothing is noted. */
export async function needPulled(docker: Docker, image: string, who: Needing, signal?: AbortSignal): Promise<void> {
  const digest = digestIn(image);
  if (!digest) return;
  await docker.ask(["tag", `${PULLED}:${digest}`, `${neededBy(who)}:${digest}`], { step: `mark ${image}`, signal });
}

/**
 * Removes images that we pulled, that nobody needs any more and that no container uses. `keep` (references) is all that `who`
 * needs. Our mark goes last, so what breaks off is finished by the next call. A tag that somebody else may use stays.
 */
export async function prunePulled(
  docker: Docker,
  { keep, signal, ...who }: Needing & { keep: readonly string[]; signal?: AbortSignal | undefined },
): Promise<string[]> {
  const kept = new Set(keep.flatMap((image) => digestIn(image) ?? []));
  const remove = async (name: string) =>
    (await docker.ask(["image", "rm", name], { step: `remove the image ${name}`, signal })).code === 0;
  const marks = await listed(docker, [PULLED, `${NEEDED}/*`], signal);
  const over = marks.filter(({ Repository, Tag }) => Repository === neededBy(who) && !kept.has(Tag));
  for (const { Repository, Tag } of over) await remove(`${Repository}:${Tag}`);
  const removed: string[] = [];
  for (const { ID, Tag } of marks.filter(({ Repository }) => Repository === PULLED)) {
    const others = marks.filter((mark) => mark.Tag === Tag && mark.Repository !== PULLED && !over.includes(mark));
    if (others.length > 0 || (await isUsed(docker, ID, signal))) continue;
    for (const name of await namesOf(docker, ID, Tag, signal)) await remove(name);
    if (await remove(`${PULLED}:${Tag}`)) removed.push(Tag);
  }
  return removed;
}

async function listed(docker: Docker, names: readonly string[], signal?: AbortSignal): Promise<Listed[]> {
  const filters = names.flatMap((name) => ["--filter", `reference=${name}`]);
  const args = ["image", "ls", "--no-trunc", "--format", "{{json .}}", ...filters];
  return jsonLines(await docker.call(args, { step: "list images", signal })).map((line) => Listed.parse(line));
}

async function isUsed(docker: Docker, id: string, signal?: AbortSignal): Promise<boolean> {
  const args = ["ps", "--all", "--quiet", "--filter", `ancestor=${id}`];
  return (await docker.call(args, { step: `look for users of ${id}`, signal })).trim() !== "";
}

/** `repository@sha256:…` of that digest. */
async function namesOf(docker: Docker, id: string, digest: string, signal?: AbortSignal): Promise<string[]> {
  const args = ["image", "inspect", "--format", "{{json .RepoDigests}}", id];
  const { code, stdout } = await docker.ask(args, { step: `look at ${id}`, signal });
  const names = code === 0 ? z.array(z.string()).nullable().parse(JSON.parse(stdout)) : null;
  return (names ?? []).filter((name) => digestIn(name) === digest && !name.startsWith("stationmaster."));
}

function neededBy({ app, store }: Needing): string {
  return `${NEEDED}/${store}.${app}`;
}

function digestIn(image: string): string | undefined {
  return /@sha256:([0-9a-f]{64})$/.exec(image)?.[1];
}
