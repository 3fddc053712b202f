import { baseOf, folderOf } from "../formats/tree.ts";
import { isAside } from "./application-code.ts";
import {
  ASSUMED,
  type Fact,
  type FactName,
  type FactValues,
  type KeyedFacts,
  type KeyedName,
  type NearMiss,
} from "./fact.ts";
import type { Findings, UnitFacts } from "./findings.ts";
import { serviceName } from "./service-name.ts";

/** A unit that is deployed, under the name people see. */
export interface Service extends UnitFacts {
  name: string;
}

/** The value of a fact, if it is sure enough to be used. */
export function factValue<N extends FactName>({ facts }: UnitFacts, name: N): FactValues[N] | undefined {
  const fact = facts.get(name);
  return fact && fact.confidence >= ASSUMED ? (fact.value as FactValues[N]) : undefined;
}

/** All values of a fact that occurs several times, with where they were seen. */
export function factValues<N extends KeyedName>(
  { facts }: UnitFacts,
  name: N,
): { key: string; value: KeyedFacts[N]; fact: Fact }[] {
  return [...facts]
    .filter(([id, { confidence }]) => id.startsWith(`${name}.`) && confidence >= ASSUMED)
    .map(([id, fact]) => ({ key: id.slice(name.length + 1), value: fact.value as KeyedFacts[N], fact }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The units that are deployed. What lies among examples, tests and documents counts only where nothing else does. */
export function servicesOf({ units, snapshot }: Findings): { services: Service[]; misses: NearMiss[] } {
  const running = units.filter(isService);
  const main = running.filter(
    ({ unit }) => !(isAside(unit.path) || MODELS.test(unit.path)) || DOCUMENTS.test(unit.path),
  );
  const others = units.some(({ unit }) => !TESTS.test(unit.path));
  const aside = others ? running.filter(({ unit }) => !TESTS.test(unit.path)) : running;
  const chosen = main.length > 0 ? main : aside;
  const taken = new Set<string>();
  const services = chosen.map((found) => ({ ...found, name: freeName(nameOf(found, snapshot.root), taken) }));
  const misses = running
    .filter((found) => !chosen.includes(found))
    .map(({ unit, facts }) => ({
      fact: "service",
      unit: unit.id,
      message: "looks like a service, but lies among examples, tests or documents",
      evidence: [...facts.values()][0]?.evidence ?? [],
    }));
  return { services, misses };
}

/** What a library is tested with: `test/dummy`. */
const TESTS = /(?:^|\/)(?:tests?|__tests__|specs?|e2e|fixtures?|__fixtures__|testdata)(?:\/|$)/i;
/** What others are made from, or tried out with. */
const MODELS = /(?:^|\/)(?:templates?|boilerplates?|starters?|playgrounds?|sandbox)(?:\/|$)/i;
/** The site of the documents among the applications of a workspace is one of them. */
const DOCUMENTS = /^(?:[\w.-]+\/)?(?:apps|applications|sites)\/(?:docs?|documentation|demo)$/;
const SERVING = new Set<string>(["web", "api", "ssr", "spa", "static"]);

/** Functions that a host runs, each in a folder of its own. */
const HOSTED = /(?:^|\/)(?:supabase|netlify)\/(?:edge-)?functions(?:\/|$)/;

/** A library, and a folder that nobody can start or serve, is no service. */
function isService(found: UnitFacts): boolean {
  const kind = factValue(found, "kind");
  if (kind === "library" || HOSTED.test(found.unit.path)) return false;
  // What answers requests is deployed, even where only its host knows how it is started.
  if (kind !== undefined && SERVING.has(kind)) return true;
  const names: FactName[] = ["start", "output", "dockerfile"];
  return names.some((name) => factValue(found, name) !== undefined) || factValues(found, "process").length > 0;
}

function nameOf(found: UnitFacts, root: string): string {
  const { unit } = found;
  const named = found.facts.get("name");
  if (named?.source === "answer") return serviceName(String(named.value));
  if (unit.program) return serviceName(unit.program);
  const folder = /\/(?:src|source)$/.test(unit.path) ? folderOf(unit.path) : unit.path;
  if (folder !== ".") return serviceName(baseOf(folder));
  return serviceName(factValue(found, "name") ?? baseOf(root));
}

function freeName(name: string, taken: Set<string>): string {
  for (let count = 1; ; count += 1) {
    const free = count === 1 ? name : `${name}-${count}`;
    if (taken.has(free)) continue;
    taken.add(free);
    return free;
  }
}
