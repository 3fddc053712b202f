import type { ManifestConfig } from "../config/schema.ts";
import type { GenerateTarget } from "../contract/generate.ts";
import type { ScanReport } from "../contract/scan.ts";
import type { Finding } from "../lint/finding.ts";
import { bestRegion, isRegionOf, liesIn, placeOf, type RegionPlatform } from "../scan/regions.ts";
import type { ManifestSource } from "./manifest-source.ts";
import type { Plan } from "./plan.ts";

type Cloud = Plan["cloud"];
type Given = NonNullable<ManifestConfig["generate"]>["terraform"];

/** Where nobody asks for a place. */
const DEFAULTS: Record<Cloud["provider"], string> = { aws: "eu-west-1", gcp: "europe-west1", azure: "westeurope" };

/** Platforms whose region no generated file names. */
const CHOSEN: Partial<Record<GenerateTarget, { platform: RegionPlatform; how: string }>> = {
  railway: { platform: "railway", how: "set it for each service on Railway" },
  vercel: { platform: "vercel", how: 'name it as "regions" in vercel.json or in the settings of the project' },
};

interface Wish {
  name: string;
  at: string;
}

/** The cloud that infrastructure code is for, and its region: that of the manifest, else the one that requirements ask for. `say` hears what people have to know. */
export function cloudOf(
  target: GenerateTarget,
  given: Given,
  { report, source, say }: { report: ScanReport; source: ManifestSource; say: (text: string) => void },
): Cloud {
  if (given) {
    const line = source.line(["generate", "terraform", "region"]);
    return { provider: given.cloud, region: given.region, origin: `${source.file}:${line}` };
  }
  const provider = target === "gcp" || target === "azure" ? target : "aws";
  const wishes = wishesOf(report);
  const chosen = CHOSEN[target];
  const there =
    chosen &&
    bestRegion(
      chosen.platform,
      wishes.map(({ name }) => name),
    );
  if (there) say(`${there.region.id} (${there.region.city}) fits what ${wishes[0]?.at} asks for: ${chosen.how}`);
  if (wishes.length === 0) return { provider, region: DEFAULTS[provider] };
  const names = wishes.map(({ name }) => name);
  const best = bestRegion(provider, names);
  const all = wishes.map(({ name, at }) => `${name} (${at})`).join(", ");
  if (!best) {
    if (target === provider)
      say(
        `infrastructure is for ${DEFAULTS[provider]}: ${provider} has no region in ${all}; name one in generate.terraform`,
      );
    return { provider, region: DEFAULTS[provider] };
  }
  const unmet = wishes.filter(({ name }) => best.unmet.includes(name));
  if (unmet.length > 0)
    say(
      `infrastructure is for one region, ${best.region.id}: ${unmet.map(({ name, at }) => `${name} (${at})`).join(", ")} is not in it`,
    );
  const met = wishes.find(({ name }) => !best.unmet.includes(name));
  return { provider, region: best.region.id, ...(met ? { origin: met.at } : {}) };
}

/** A region of the manifest that lies elsewhere than the requirements ask for, with both lines. */
export function regionContradictions(given: Given, report: ScanReport, source: ManifestSource): Finding[] {
  if (!given || !isKnown(given.cloud, given.region)) return [];
  const wishes = wishesOf(report);
  const fits = wishes.some(
    ({ name }) => name === given.region || (!isRegionOf(given.cloud, name) && liesIn(given.region, name)),
  );
  const [first] = wishes;
  if (!first || fits) return [];
  const best = bestRegion(
    given.cloud,
    wishes.map(({ name }) => name),
  );
  const instead = best ? `: ${given.cloud} has ${best.region.id} (${best.region.city}) there` : "";
  return [
    {
      rule: "manifest",
      severity: "warning",
      file: source.file,
      line: source.line(["generate", "terraform", "region"]),
      message: `the region is ${given.region} here, and ${first.at} asks for ${first.name}${instead}`,
    },
  ];
}

function isKnown(platform: RegionPlatform, region: string): boolean {
  return isRegionOf(platform, region) || placeOf(region) !== region;
}

function wishesOf({ requirements }: ScanReport): Wish[] {
  return requirements
    .filter(({ id }) => id === "want.regions")
    .flatMap(({ value, file, line }) => [value].flat().map((name) => ({ name: String(name), at: `${file}:${line}` })));
}
