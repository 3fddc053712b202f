import type { ReleasedService } from "../../store/tables/release.ts";
import { digest } from "../desired.ts";

const IMAGE_DIGEST = /sha256:[0-9a-f]{64}/g;

/** By service, a digest of what was tested. */
export type Content = Record<string, string>;

/**
 * What must be equal for a test elsewhere to count: the images by digest, without images the files and how they are started.
 * Variables, replicas, ports and times are the environment's own, and so is the release's name.
 */
export function contentOf(services: Record<string, ReleasedService>): Content {
  return Object.fromEntries(
    Object.entries(services).map(([name, { parts, path, build, recorded }]) => {
      const images = [...new Set(JSON.stringify(recorded ?? null).match(IMAGE_DIGEST))].sort();
      return [name, digest(images.length > 0 ? [parts.start, images] : [parts.start, parts.files, path, build])];
    }),
  );
}

/** The services of `wanted` that `tested` has otherwise or not at all. */
export function untested(wanted: Content, tested: Content): string[] {
  return Object.keys(wanted).filter((service) => tested[service] !== wanted[service]);
}
