import type { Gap } from "../contract/scan.ts";
import { DJANGO } from "./gaps/django.ts";
import { MANIFESTS } from "./gaps/manifests.ts";
import type { GapRule } from "./gaps/rule.ts";
import { RUNNING } from "./gaps/running.ts";
import { SETTINGS } from "./gaps/settings.ts";
import { type GapSite, gapSite } from "./gaps/site.ts";
import { STATE } from "./gaps/state.ts";
import type { Service } from "./services.ts";
import type { Snapshot } from "./snapshot.ts";

const RULES: readonly GapRule[] = [...RUNNING, ...STATE, ...SETTINGS, ...DJANGO, ...MANIFESTS];

/** What a service lacks to be deployed and watched, each with evidence and the patch that would add it. `sources` are its own code. */
export function findGaps(service: Service, snapshot: Snapshot, sources: readonly string[]): Gap[] {
  const site = gapSite(service, snapshot, sources);
  // What nobody runs lacks nothing.
  if (site.kind === "library" || site.kind === "cli") return [];
  return RULES.flatMap((rule) => {
    const found = rule.find(site);
    if (!found) return [];
    const { id, title, why } = rule;
    const { evidence, patch, to = teamOf(site) } = found;
    return [{ id, service: service.name, to, title, why, evidence, patch: patch ?? null }];
  });
}

function teamOf({ kind, framework }: GapSite): Gap["to"] {
  const isPages = kind === "spa" || kind === "static" || kind === "ssr" || framework === "next" || framework === "nuxt";
  return isPages ? "frontend" : "backend";
}
