import type { PlatformConfig } from "../platforms.ts";
import { isPlace, isRegionOf, liesIn } from "../regions.ts";
import { factValue, factValues, type Service } from "../services.ts";
import { RELATIONAL } from "../tables/stores.ts";
import type { Requirement } from "./requirements.ts";
import type { UsedRegion } from "./used-regions.ts";

/** What the code says instead, and where. */
export interface Contradiction {
  fact: string;
  value: unknown;
  file: string | null;
  line: number | null;
}

interface World {
  services: readonly Service[];
  platforms: readonly PlatformConfig[];
  /** Where files of platforms say that it runs. */
  regions: readonly UsedRegion[];
}
type Rule = (wanted: readonly string[], world: World) => Contradiction | undefined;

const SERVER_KINDS = new Set(["web", "api", "ssr", "worker"]);

const RULES: Record<string, Rule> = {
  /** Another database of the same sort is in use, and none of the wanted ones. */
  "want.stores": (wanted, { services }) => {
    const tables = wanted.filter((kind) => RELATIONAL.has(kind));
    const used = storesOf(services).filter(({ kind }) => RELATIONAL.has(kind));
    if (tables.length === 0 || used.some(({ kind }) => tables.includes(kind))) return undefined;
    return used[0] && told(used[0]);
  },
  "want.without": (refused, { services, platforms }) => {
    const store = storesOf(services).find(({ kind }) => refused.includes(kind));
    const platform = platforms.find(({ id }) => refused.includes(id));
    if (store) return told(store);
    return (
      platform && { fact: "platform", value: platform.id, file: platform.file, line: platform.evidence[0]?.line ?? 1 }
    );
  },
  /** What is only pages has a server, or a server is only pages. */
  "want.type": (wanted, { services }) => {
    const isStatic = wanted.every((kind) => kind === "static" || kind === "spa");
    const isServer = wanted.every((kind) => kind === "api" || kind === "ssr" || kind === "worker");
    const kinds = services.flatMap((service) => kindOf(service) ?? []);
    const server = kinds.find(({ value }) => SERVER_KINDS.has(value));
    if (isStatic && server) return told(server);
    return isServer && kinds.length > 0 && !server && kinds.every(({ value }) => value === "static" || value === "spa")
      ? kinds[0] && told(kinds[0])
      : undefined;
  },
  "want.languages": (wanted, { services }) => {
    const found = services.flatMap((service) => {
      const fact = service.facts.get("language");
      return fact ? [{ name: `${service.name}.language`, value: String(fact.value), fact }] : [];
    });
    const same = (language: string) =>
      wanted.includes(language) || (language === "TypeScript" && wanted.includes("JavaScript"));
    if (found.length === 0 || found.some(({ value }) => same(value))) return undefined;
    return found[0] && told(found[0]);
  },
  "want.platforms": (wanted, { platforms }) => {
    const rival = platforms.find(({ id }) => ["railway", "vercel", "netlify", "fly", "render", "heroku"].includes(id));
    if (!rival || platforms.some(({ id }) => wanted.includes(id))) return undefined;
    return { fact: "platform", value: rival.id, file: rival.file, line: rival.evidence[0]?.line ?? 1 };
  },
  /** A file of a platform names a region elsewhere. */
  "want.regions": (wanted, { regions }) => {
    const elsewhere = regions.find(
      ({ id, platform }) =>
        !wanted
          .flatMap((one) => one.split(" or "))
          .some((one) => one === id || (!isRegionOf(platform, one) && liesIn(id, one))),
    );
    return elsewhere && wanted.every(isPlace)
      ? { fact: "region", value: elsewhere.id, file: elsewhere.file, line: elsewhere.line }
      : undefined;
  },
  "want.stateless": (_, { services }) => {
    const [state] = services.flatMap((service) =>
      factValues(service, "state").map(({ key, value, fact }) => ({
        name: `${service.name}.state.${key}`,
        value: value.path,
        fact,
      })),
    );
    return state && told(state);
  },
};

/** What contradicts a requirement in what the repository shows; undefined for most. */
export function contradictionOf({ id, value }: Requirement, world: World): Contradiction | undefined {
  const rule = Object.hasOwn(RULES, id) ? RULES[id] : undefined;
  return rule?.(Array.isArray(value) ? value.map(String) : [], world);
}

interface Named {
  name: string;
  value: unknown;
  fact: { evidence: readonly { file: string; line: number }[] };
}

function told({ name, value, fact }: Named): Contradiction {
  const [first] = fact.evidence;
  return { fact: name, value, file: first?.file ?? null, line: first?.line ?? null };
}

function storesOf(services: readonly Service[]): (Named & { kind: string })[] {
  return services.flatMap((service) =>
    factValues(service, "store").map(({ key, value, fact }) => ({
      name: `${service.name}.store.${key}`,
      kind: value.kind,
      value: value.kind,
      fact,
    })),
  );
}

function kindOf(service: Service): (Named & { value: string }) | undefined {
  const value = factValue(service, "kind");
  const fact = service.facts.get("kind");
  return value && fact && { name: `${service.name}.kind`, value, fact };
}
