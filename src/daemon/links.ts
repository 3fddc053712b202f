import type { LinksOf } from "../incidents/message.ts";
import type { Engine } from "./engine.ts";

/** Pages for messages about an incident: its own on the dashboard, where that is found, and the runbooks of the checks that failed. */
export function linksFor(engine: Engine, baseUrl: () => string | null): LinksOf {
  return ({ id, checks }) => {
    const base = baseUrl();
    return [
      ...(base ? [{ title: "incident", url: `${base}/incidents/${id}` }] : []),
      ...runbooksFor(engine)(checks).map((url) => ({ title: "runbook", url })),
    ];
  };
}

/** The pages that say what to do about checks, as the manifest in force names them; each once. */
export function runbooksFor(engine: Engine): (checks: readonly string[]) => string[] {
  return (checks) => [...new Set(checks.flatMap((check) => runbookOf(engine, check) ?? []))];
}

function runbookOf({ manifest, environment }: Engine, check: string): string | undefined {
  const begin = `${environment}/check/`;
  return check.startsWith(begin) ? manifest.checks[check.slice(begin.length)]?.runbook : undefined;
}
