import type { Verdict } from "../contract/check.ts";
import { needsOf } from "../incidents/depend.ts";
import type { NeedsLookup } from "../incidents/surroundings.ts";
import type { Watch } from "../watch/watch.ts";
import { failingNeeds } from "./check-names.ts";
import type { Engine } from "./engine.ts";
import { infrastructureParts } from "./infrastructure.ts";
import { dependenciesOf } from "./watching.ts";

/** A doubt counts too: what needs it would else open a moment before it is known to be down itself. */
const FAILING: readonly Verdict[] = ["DOWN", "SUSPECT"];
const WELL: readonly Verdict[] = ["UP", "DEGRADED", "INTERMITTENT"];

/** What services and checks need by the manifest, and which of it fails where they do. */
export function needsLookup(engine: Engine, watch: () => Watch): NeedsLookup {
  const { environment } = engine;
  return async ({ service, checks }) => {
    const { manifest } = engine;
    const parts = Object.entries(await infrastructureParts(engine));
    const verdicts = watch().verdicts();
    const named = (name: string) => (Object.hasOwn(manifest.checks, name) ? manifest.checks[name] : undefined);
    const isCheck = (name: string) =>
      named(name) !== undefined && manifest.services[name] === undefined && manifest.stores[name] === undefined;

    function direct(name: string): string[] {
      if (isCheck(name)) return named(name)?.depends_on ?? [];
      const used = parts.filter(([, users]) => users.includes(name)).map(([part]) => part);
      return [...dependenciesOf(manifest, name), ...used];
    }

    /** Whether its own checks say so, in a place where the service runs. */
    function says(name: string, wanted: readonly Verdict[]): boolean {
      if (isCheck(name))
        return verdicts.some(({ id, verdict }) => id === `${environment}/check/${name}` && wanted.includes(verdict));
      return failingNeeds(verdicts, { environment, service: service ?? "", needs: [name] }, wanted).length > 0;
    }

    const own = checks.flatMap((id) => named(id.slice(`${environment}/check/`.length))?.depends_on ?? []);
    return needsOf([...own, ...(service === null ? [] : direct(service))], {
      direct,
      verdict: (name) => (says(name, FAILING) ? "failing" : says(name, WELL) ? "well" : "unknown"),
    });
  };
}
