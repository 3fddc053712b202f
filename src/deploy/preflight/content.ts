import type { ReleasedService } from "../../store/tables/release.ts";
import { digest } from "../desired.ts";

const IMAGE_DIGEST = /sha256:[0-9a-f]{64}$/;

/** By service, a digest of what was tested. */
export type Content = Record<string, string>;

/**
 * What must be equal for a test elsewhere to count: the image by digest and its command; where there is none yet the commit or the
 * files it is made from, and how it is started. Variables, replicas, ports, names and times are the environment's own, and so is
 * the release's name.
 */
export function contentOf(services: Record<string, ReleasedService>): Content {
  return Object.fromEntries(
    Object.entries(services).map(([name, { parts, path, build, recorded }]) => {
      const { image, command } = imageOf(recorded ?? {});
      return [name, digest(image ? [parts.start, [image], ...command] : [parts.start, parts.files, path, build])];
    }),
  );
}

/** Only the image itself counts: a digest elsewhere, such as in an argument of its build, says nothing of it. */
function imageOf({ image, spec }: Record<string, unknown>): { image: string | undefined; command: unknown[] } {
  const { entrypoint = null, command = null } = (spec ?? {}) as Record<string, unknown>;
  const own = entrypoint === null && command === null ? [] : [entrypoint, command];
  return { image: IMAGE_DIGEST.exec(String(image))?.[0], command: own };
}

/** The services of `wanted` that `tested` has otherwise or not at all. */
export function untested(wanted: Content, tested: Content): string[] {
  return Object.keys(wanted).filter((service) => tested[service] !== wanted[service]);
}
