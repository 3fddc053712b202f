import { atMost } from "../core/at-most.ts";
import { toKnownError } from "../core/errors.ts";
import { lazy } from "../core/lazy.ts";
import type { Pins } from "./pins.ts";
import { newestAction } from "./update-pins/actions.ts";
import { newestImage } from "./update-pins/images.ts";
import { npmIndex } from "./update-pins/npm-index.ts";
import { hasIndex, newestTool } from "./update-pins/tools.ts";

/** What became of one pin. */
export interface PinChange {
  kind: "action" | "image" | "tool";
  /** `actions/checkout`, `node 24`, `pnpm`. */
  name: string;
  before: string;
  /** Null where nothing changed. */
  after: string | null;
  /** Why the old one stays, where it could not be looked up. */
  problem: string | null;
}

interface UpdateOptions {
  /** Day of the run, as YYYY-MM-DD. */
  today: string;
  /** Whether actions and tools may move to another major version. */
  major: boolean;
  signal: AbortSignal;
  /** Address of the API of GitHub. */
  api?: string;
  token?: string;
  /** Addresses of registries by host, where they are not their own. */
  registries?: Readonly<Record<string, string>>;
  /** Address of the index of npm; what npm of this machine says where it is left out. */
  npm?: string;
  /** Of each request, in milliseconds. */
  deadlineMs?: number;
}

/** A release may be withdrawn in its first days, and what was slipped into one is found in them. */
const LEAST_AGE_DAYS = 7;
const DAY_MS = 86_400_000;
const MOST_AT_ONCE = 4;

/**
 * Looks up every action, image and tool of a public index: newest release within its major or line, at least seven days old, actions by
 * the commit of their tag, images by the digest of their index. What cannot be looked up keeps its pin and says why. Rejects only when `signal` aborts.
 */
export async function updatePins(pins: Pins, options: UpdateOptions): Promise<{ pins: Pins; changes: PinChange[] }> {
  const { today, major, signal, api = "https://api.github.com", token, registries = {}, deadlineMs } = options;
  const limit = Date.parse(`${today}T00:00:00Z`) - LEAST_AGE_DAYS * DAY_MS;
  const turn = atMost(MOST_AT_ONCE);
  const common = { signal, ...(deadlineMs ? { deadlineMs } : {}) };
  const next: Pins = structuredClone(pins);

  const actions = Object.entries(pins.actions).map(([name, { version, commit }]) =>
    turn(() =>
      looked({ kind: "action", name, before: `${version} ${commit}` }, signal, async () => {
        const found = await newestAction(name, version, { ...common, api, token, publishedBefore: limit, major });
        if (!found) return null;
        next.actions[name] = { ...found, seen: [`github.com/${name}`] };
        return `${found.version} ${found.commit}`;
      }),
    ),
  );
  const images = Object.entries(pins.images).flatMap(([name, lines]) =>
    Object.entries(lines).map(([line, pin]) =>
      turn(() =>
        looked({ kind: "image", name: `${name} ${line}`, before: text(pin) }, signal, async () => {
          const found = await newestImage(pin.tag, line, { ...common, registries, createdBefore: limit });
          if (!found || (found.tag === pin.tag && found.digest === pin.digest)) return null;
          const own = next.images[name];
          if (own) own[line] = { ...found, source: `its registry, ${today}` };
          return text(found);
        }),
      ),
    ),
  );
  const npm = lazy(async () => options.npm ?? (await npmIndex(signal)));
  const tools = Object.entries(pins.tools)
    .filter(([, { source }]) => hasIndex(source))
    .map(([name, pin]) =>
      turn(() =>
        looked({ kind: "tool", name, before: pin.version }, signal, async () => {
          const version = await newestTool(name, pin, { ...common, registries, npm, publishedBefore: limit, major });
          if (version === undefined) return null;
          next.tools[name] = { ...pin, version };
          return version;
        }),
      ),
    );
  const changes = await Promise.all([...actions, ...images, ...tools]);
  // Only a run in which everything was looked up makes the table a new one.
  if (changes.every(({ problem }) => problem === null)) next.date = today;
  return { pins: next, changes };
}

async function looked(
  pin: Pick<PinChange, "kind" | "name" | "before">,
  signal: AbortSignal,
  look: () => Promise<string | null>,
): Promise<PinChange> {
  signal.throwIfAborted();
  try {
    return { ...pin, after: await look(), problem: null };
  } catch (error) {
    signal.throwIfAborted();
    return { ...pin, after: null, problem: toKnownError(error).message };
  }
}

function text({ tag, digest }: { tag: string; digest?: string | undefined }): string {
  return digest === undefined ? tag : `${tag}@${digest}`;
}
