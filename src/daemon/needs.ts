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
    const named = (name: string) => (Object.hasOwn(manifest.checks, name) ? manifest.checks[name] : undefined);
    const configOf = (id: string) => named(id.slice(namedCheckId(environment, "").length));
    const isGrave = verdicts.some((check) => checks.includes(check.id) && mayBeGrave(check));
    // What people do not hear of, or as a smaller matter only, must not keep this from them. A maintenance is meant to.
    const explaining = verdicts.filter(
      (check) => !FAILING.includes(check.verdict) || ((mayBeGrave(check) || !isGrave) && !isSilenced(check)),
    );
    const isCheck = (name: string) =>
      named(name) !== undefined && manifest.services[name] === undefined && manifest.stores[name] === undefined;

    /** Whether its failure is SEV1: of something critical, of a sign-in, or with an impact of its own. */
    function mayBeGrave({ id, type, critical }: Pick<Check, "id" | "type" | "critical">): boolean {
      return critical || type === "steps" || configOf(id)?.impact !== undefined;
    }

    function isSilenced(check: Pick<Check, "id" | "type" | "service" | "critical">): boolean {
      const { id, service: of } = check;
      const severity = mayBeGrave(check) ? "SEV1" : "SEV2";
      const holds = silences.holdsFor({ environment, service: of, checks: [id] });
      const isHeld = holds.some((hold) => (hold.severity ?? severity) === severity);
      return isHeld && !silences.inMaintenance(id, engine.clock.now());
    }

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

    const configs = checks.flatMap((id) => configOf(id) ?? []);
    const own = configs.flatMap(({ depends_on = [] }) => depends_on);
    const needs = needsOf([...own, ...(service === null ? [] : direct(service))], {
      direct,
      verdict: (name) => (says(name, FAILING) ? "failing" : says(name, WELL) ? "well" : "unknown"),
    });
    const isExplained =
      service !== null &&
      configs.length > 0 &&
      configs.length === checks.length &&
      configs.every(fallsWithItsService) &&
      namesWith(explaining, environment, FAILING).includes(service);
    return isExplained ? { all: [service, ...needs.all], failing: [service, ...needs.failing] } : needs;
  };
}

/** Whether the failure of a service everywhere explains that of the check: it asks one of its addresses, and has no needs of its own. */
function fallsWithItsService({ url, tcp, depends_on = [], impact }: CheckConfig): boolean {
  return (url !== undefined || tcp !== undefined) && depends_on.length === 0 && impact === undefined;
}
