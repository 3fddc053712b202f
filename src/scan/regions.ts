import table from "./tables/regions.json" with { type: "json" };

/** A region of a platform. Of those in one place the first is taken where nothing says more. */
interface Region {
  /** As the platform calls it. */
  id: string;
  /** The country in two letters, or the part of one that is a continent wide: `de`, `us-east`. */
  place: string;
  city: string;
}
export type RegionPlatform = keyof typeof table;

/** What is said of many countries at once. */
const PARTS: Record<string, readonly string[]> = {
  eu: "at be bg cy cz de dk ee es fi fr gr hr hu ie it lt lu lv mt nl pl pt ro se si sk".split(" "),
  dach: ["de", "at", "ch"],
  nordics: ["se", "no", "fi", "dk"],
  us: ["us-east", "us-central", "us-west"],
  "north-america": ["us-east", "us-central", "us-west", "us", "ca", "mx"],
  latam: ["br", "cl", "mx", "co", "ar"],
  apac: ["sg", "jp", "in", "au", "kr", "hk", "tw", "id", "my", "th", "nz"],
  "middle-east": ["ae", "bh", "qa", "il", "sau"],
  africa: ["za"],
};
/** Those as wide as the regions of one cloud stand for those of another. */
const WIDE = ["eu", "us", "latam", "apac", "middle-east", "africa"];
const REGIONS = Object.entries(table).flatMap(([platform, { rows }]) =>
  rows.map((region) => ({ platform: platform as RegionPlatform, ...region })),
);

/** All regions of a platform, those that are taken first in front. */
export function regionsOf(platform: RegionPlatform): readonly Region[] {
  return table[platform].rows;
}

/** Whether a platform calls one of its regions so. */
export function isRegionOf(platform: RegionPlatform, name: string): boolean {
  return regionsOf(platform).some(({ id }) => id === name);
}

/** Where a region lies that some platform calls so; what is a place already stays. */
export function placeOf(name: string): string {
  return REGIONS.find(({ id }) => id === name)?.place ?? name;
}

/**
 * Whether a place or region lies in what was asked for: a country or a part of the world. A region that some platform calls so
 * asks for the part of the world it is in, since the others have theirs in other countries.
 */
export function liesIn(name: string, wanted: string): boolean {
  const place = placeOf(name);
  return wanted.split(" or ").some((one) => {
    const asked = placeOf(one);
    if (place === asked || PARTS[asked]?.includes(place)) return true;
    return asked !== one && WIDE.some((part) => PARTS[part]?.includes(place) && PARTS[part]?.includes(asked));
  });
}

/** Whether anything is known of where that is. */
export function isPlace(name: string): boolean {
  return name.split(" or ").every((one) => {
    const place = placeOf(one);
    return (
      place in PARTS || REGIONS.some((region) => region.place === place) || Object.values(PARTS).flat().includes(place)
    );
  });
}

/**
 * The region of a platform that meets the most of what is asked for, earlier wishes first; undefined where it has none for any of
 * them. `unmet` are those it does not meet.
 */
export function bestRegion(
  platform: RegionPlatform,
  wanted: readonly string[],
): { region: Region; unmet: string[] } | undefined {
  const named = wanted.flatMap((one) => one.split(" or "));
  const rated = regionsOf(platform).map((region) => {
    const met = wanted.map((one) => one === region.id || liesIn(region.place, one));
    const exact = named.indexOf(region.id);
    const near = named.findIndex((one) => placeOf(one) === region.place);
    const points = met.filter(Boolean).length;
    return { region, met, points, order: [exact, near, met.indexOf(true)].map((at) => (at === -1 ? Infinity : at)) };
  });
  const earlier = (a: readonly number[], b: readonly number[]) =>
    a.map((at, index) => (at === b[index] ? 0 : at - (b[index] ?? 0))).find((one) => one !== 0) ?? 0;
  const [best] = rated.sort((a, b) => b.points - a.points || earlier(a.order, b.order));
  if (!best || best.points === 0) return undefined;
  return { region: best.region, unmet: wanted.filter((_, at) => !best.met[at]) };
}
