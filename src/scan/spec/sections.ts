import { nearest } from "../../config/spelling.ts";

export type Section = "type" | "data" | "scaling" | "integrations" | "constraints";

/** Words that headings of a section have, in one word each, small letters. */
const WORDS: Record<Section, readonly string[]> = {
  type: ["application", "type", "kind", "overview", "purpose", "product", "summary", "description"],
  data: ["data", "database", "databases", "storage", "persistence", "store", "stores", "model", "files"],
  scaling: [
    "scaling",
    "scale",
    "scalability",
    "performance",
    "load",
    "traffic",
    "capacity",
    "throughput",
    "latency",
    "availability",
    "reliability",
    "slo",
    "sla",
    "slos",
    "nonfunctional",
    "users",
    "quality",
  ],
  integrations: [
    "integration",
    "integrations",
    "external",
    "thirdparty",
    "third",
    "apis",
    "services",
    "dependencies",
    "interfaces",
  ],
  constraints: [
    "constraint",
    "constraints",
    "limit",
    "limits",
    "limitations",
    "restrictions",
    "compliance",
    "budget",
    "security",
    "regulatory",
    "legal",
    "hosting",
    "deployment",
    "infrastructure",
    "platform",
    "regions",
  ],
};

const SECTIONS = new Map(
  (Object.entries(WORDS) as [Section, readonly string[]][]).flatMap(([section, words]) =>
    words.map((word) => [word, section] as const),
  ),
);
/** A shorter word with a wrong letter is too often another word. */
const LONG = 6;

/** The section that headings mean, the nearest first; a longer word may be misspelt. */
export function sectionOf(headings: readonly string[]): Section | undefined {
  for (const heading of headings.toReversed()) {
    const words = heading
      .toLowerCase()
      .replace(/[^\p{L}\s]/gu, "")
      .split(/\s+/)
      .filter(Boolean);
    const exact = words.flatMap((word) => SECTIONS.get(word) ?? []);
    const near = words.flatMap((word) =>
      word.length < LONG
        ? []
        : (SECTIONS.get(
            nearest(
              word,
              [...SECTIONS.keys()].filter((one) => one.length >= LONG),
            ) ?? "",
          ) ?? []),
    );
    const [best] = [...Map.groupBy(exact.length > 0 ? exact : near, (section) => section)].sort(
      ([, a], [, b]) => b.length - a.length,
    );
    if (best) return best[0];
  }
  return undefined;
}
