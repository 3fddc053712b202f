import type { Mistake } from "./problem.ts";
import { missing } from "./references.ts";
import type { ManifestConfig } from "./schema.ts";

const OF_SERVICES = ["health", "port", "process"];
/** Before the names of what a manifest says. */
const KIND = /^(check|store|service)\//;
/** What is known only where the application runs. */
const ELSEWHERE = /^(infrastructure|alert|slo|watch)\//;

/** Checks of maintenance windows that no service, store or check can have, with or without the environment in front. */
export function unknownWindowChecks({
  maintenance,
  services,
  stores,
  checks,
  environments,
}: ManifestConfig): Mistake[] {
  const known = [
    ...Object.keys(checks),
    ...Object.keys(services).flatMap((service) => OF_SERVICES.map((own) => `${service}/${own}`)),
    ...Object.keys(stores),
  ];
  const isKnown = (name: string) => ELSEWHERE.test(name) || known.includes(name.replace(KIND, ""));
  return Object.entries(maintenance).flatMap(([window, { check }]) => {
    if (check === undefined) return [];
    const [name = ""] = check.split("@");
    const place = Object.keys(environments).find((environment) => name.startsWith(`${environment}/`));
    const short = place === undefined ? name : name.slice(place.length + 1);
    return isKnown(name) || isKnown(short) ? [] : [missing(["maintenance", window, "check"], short, known, "check")];
  });
}
