import { basename, join } from "node:path";
import { startOf } from "./rules.ts";
import { serviceName } from "./service-name.ts";
import { foldersIn, sourcesIn } from "./sources.ts";

/** A service that a folder seems to hold, and the files that say so. */
export interface Guess {
  name: string;
  path: string;
  build: string | null;
  start: string;
  health: string | null;
  /** Whether the command or the sources mention `PORT`; a service that ignores it cannot be reached. */
  readsPort: boolean;
  evidence: string;
}

/** Services of the folder itself, or of the folders one and two levels below it. */
export function guessServices(root: string): Guess[] {
  const own = guess(root, ".");
  if (own) return [own];
  const found = foldersIn(root).flatMap((folder) => {
    const here = guess(join(root, folder), folder);
    return here
      ? [here]
      : foldersIn(join(root, folder)).flatMap((inner) => guess(join(root, folder, inner), join(folder, inner)) ?? []);
  });
  return found.map((item, index) => ({
    ...item,
    name: found.findIndex(({ name }) => name === item.name) === index ? item.name : `${item.name}-${index + 1}`,
  }));
}

const HEALTH = /["'`](\/(?:api\/)?(?:healthz?|health-check|healthcheck|_health|status\/health|livez|readyz))["'`]/;

function guess(folder: string, path: string): Guess | undefined {
  const found = startOf(folder);
  if (!found) return undefined;
  const sources = [...sourcesIn(folder)];
  const health = sources.map((text) => HEALTH.exec(text)?.[1]).find((route) => route !== undefined);
  return {
    name: serviceName(path === "." ? basename(folder) : basename(path)),
    path: path === "." ? "." : `./${path}`,
    build: found.build ?? null,
    start: found.start,
    health: found.health ?? health ?? null,
    readsPort: [found.start, ...sources].some((text) => /\bPORT\b/.test(text)),
    evidence: found.evidence,
  };
}
