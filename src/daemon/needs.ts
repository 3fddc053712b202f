import type { CheckConfig } from "../config/checks.ts";
import type { Check, Verdict } from "../contract/check.ts";
import { needsOf } from "../incidents/depend.ts";
import type { Silences } from "../incidents/silences/silences.ts";
import type { NeedsLookup } from "../incidents/surroundings.ts";
import { namedCheckId } from "../watch/check-id.ts";
import type { Watch } from "../watch/watch.ts";
import { failingNeeds, namesWith } from "./check-names.ts";
import type { Engine } from "./engine.ts";
import { infrastructureParts } from "./infrastructure.ts";
import { dependenciesOf } from "./watching.ts";

/** A doubt counts too: what needs it would else open a moment before it is known to be down itself. */
const FAILING: readonly Verdict[] = ["DOWN", "SUSPECT"];
const WELL: readonly Verdict[] = ["UP", "DEGRADED", "INTERMITTENT"];

/** What services and checks need by the manifest, and which of it fails where they do. */
export function needsLookup(
  engine: Engine,
  watch: () => Pick<Watch, "verdicts">,
  silences: Pick<Silences, "holdsFor" | "inMaintenance">,
): NeedsLookup {
  const { environment } = engine;
  return async ({ service, checks }) => {
    const { manifest } = engine;
    const parts = Object.entries(await infrastructureParts(engine));
    const verdicts = watch().verdicts();
    const isGrave = verdicts.some(({ id, critical }) => critical && checks.includes(id));
    // What people do not hear of, or as a smaller matter only, must not keep this from them. A maintenance is meant to.
    const explaining = verdicts.filter(
      (check) => !FAILING.includes(check.verdict) || ((check.critical || !isGrave) && !isSilenced(check)),
    );

    function isSilenced({ id, service: of }: Pick<Check, "id" | "service">): boolean {
      const holds = silences.holdsFor({ environment, service: of, checks: [id] });
      return holds.length > 0 && !silences.inMaintenance(id, engine.clock.now());
    }
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
        return explaining.some(({ id, verdict }) => id === namedCheckId(environment, name) && wanted.includes(verdict));
      return failingNeeds(explaining, { environment, service: service ?? "", needs: [name] }, wanted).length > 0;
    }

    const configs = checks.flatMap((id) => named(id.slice(`${environment}/check/`.length)) ?? []);
    const own = configs.flatMap(({ depends_on = [] }) => depends_on);
    const needs = needsOf([...own, ...(service === null ? [] : direct(service))], {
      direct,
      verdict: (name) => (says(name, FAILING) ? "failing" : says(name, WELL) ? "well" : "unknown"),
    });
    const isExplained =
      service !== null &&
      configs.length > 0 &&
      configs.every(fallsWithItsService) &&
      namesWith(explaining, environment, FAILING).includes(service);
    return isExplained ? { all: [service, ...needs.all], failing: [service, ...needs.failing] } : needs;
  };
}

/** Whether the failure of a service everywhere explains that of the check: it asks one of its addresses, and has no needs of its own. */
function fallsWithItsService({ url, tcp, depends_on = [], impact }: CheckConfig): boolean {
  return (url !== undefined || tcp !== undefined) && depends_on.length === 0 && impact === undefined;
}
