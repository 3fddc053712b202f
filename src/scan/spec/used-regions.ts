import { baseOf } from "../../formats/tree.ts";
import { isAside } from "../application-code.ts";
import { isRegionOf, type RegionPlatform } from "../regions.ts";
import type { Snapshot } from "../snapshot.ts";

/** A region that a file of a platform names. */
export interface UsedRegion {
  platform: RegionPlatform;
  id: string;
  file: string;
  line: number;
}

interface Place {
  file: RegExp;
  /** Words of a line in front of names of regions. */
  key: RegExp;
  /** Each name is taken only where one of them has such a region. */
  platforms: readonly RegionPlatform[];
}

const CLOUDS: readonly RegionPlatform[] = ["aws", "gcp", "azure"];
const PLACES: readonly Place[] = [
  { file: /^vercel\.(?:json|ts)$/, key: /"?regions"?\s*:\s*\[?/, platforms: ["vercel"] },
  { file: /^fly(?:\.[\w-]+)?\.toml$/, key: /^\s*primary_region\s*=/, platforms: ["fly"] },
  { file: /^render\.ya?ml$/, key: /^\s*(?:-\s+)?region\s*:/, platforms: ["render"] },
  { file: /^(?:railway\.(?:json|toml)|railway\.ts)$/, key: /"?\bregion"?\s*[:=]/, platforms: ["railway"] },
  { file: /^serverless\.ya?ml$/, key: /^\s*region\s*:/, platforms: ["aws"] },
  { file: /^samconfig\.toml$/, key: /^\s*region\s*=/, platforms: ["aws"] },
  { file: /\.(?:tf|tfvars)$/, key: /^\s*(?:region|location|aws_region|default)\s*=/, platforms: CLOUDS },
  { file: /\.ya?ml$/, key: /\b(?:AWS_REGION|AWS_DEFAULT_REGION|aws-region)\s*:/, platforms: ["aws"] },
];

/** Where files of platforms say that it runs, the first line of each region. What is computed is not known. */
export function usedRegions(snapshot: Snapshot): UsedRegion[] {
  const found = new Map<string, UsedRegion>();
  for (const file of snapshot.paths) {
    const rules = PLACES.filter((place) => place.file.test(baseOf(file)));
    if (rules.length === 0 || (isAside(file) && !file.startsWith(".github/workflows/"))) continue;
    for (const [index, line] of (snapshot.text(file) ?? "").split("\n").entries())
      for (const { key, platforms } of rules)
        for (const { platform, id } of namesBehind(line, key, platforms))
          if (!found.has(`${platform} ${id}`)) found.set(`${platform} ${id}`, { platform, id, file, line: index + 1 });
  }
  return [...found.values()];
}

function namesBehind(line: string, key: RegExp, platforms: readonly RegionPlatform[]) {
  if (/^\s*(?:#|\/\/)/.test(line)) return [];
  const at = key.exec(line);
  if (!at) return [];
  const words = line.slice(at.index + at[0].length).match(/[a-z][a-z0-9-]+/g) ?? [];
  return words.flatMap((id) => {
    const platform = platforms.find((one) => isRegionOf(one, id));
    return platform ? [{ platform, id }] : [];
  });
}
