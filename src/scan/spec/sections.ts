export type Section = "type" | "data" | "scaling" | "integrations" | "constraints";

/** Words that headings of a section have, in one word each, small letters. */
const WORDS: Record<Section, readonly string[]> = {
  type: ["application", "type", "kind", "overview", "purpose", "product", "summary", "description"],
  data: ["data", "database", "databases", "storage", "persistence", "store", "stores", "model", "files"],
  scaling: ["scaling", "scale", "scalability", "performance", "load", "traffic", "capacity", "throughput", "latency", "availability", "reliability", "slo", "sla", "slos", "nonfunctional", "users", "quality"],
  integrations: ["integration", "integrations", "external", "thirdparty", "third", "apis", "services", "dependencies", "interfaces"],
  constraints: ["constraint", "constraints", "limit", "limits", "limitations", "restrictions", "compliance", "budget", "security", "regulatory", "legal", "hosting", "deployment", "infrastructure", "platform", "regions"],
};

/** The section that headings mean, the nearest first; one letter of a longer word may be wrong, left out or doubled. */
export function sectionOf(headings: readonly string[]): Section | undefined {
  for (const heading of headings.toReversed()) {
    const words = heading.toLowerCase().replace(/[^\p{L}\s]/gu, "").split(/\s+/).filter(Boolean);
    const scores = (Object.entries(WORDS) as [Section, readonly string[]][]).map(([section, known]) => ({
      section,
      score: words.reduce((sum, word) => sum + (known.includes(word) ? 1 : known.some((one) => isNear(word, one)) ? 0.9 : 0), 0),
    }));
    const [best] = scores.sort((a, b) => b.score - a.score);
    if (best && best.score > 0) return best.section;
  }
  return undefined;
}

/** Whether two words differ by few letters for their length. */
export function isNear(word: string, known: string): boolean {
  const allowed = known.length >= 8 ? 2 : known.length >= 5 ? 1 : 0;
  return allowed > 0 && Math.abs(word.length - known.length) <= allowed && distance(word, known) <= allowed;
}

/** How many letters have to be changed, added or taken away. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length] ?? 0;
}
