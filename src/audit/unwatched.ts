import type { Check } from "../contract/check.ts";
import type { AuditReport } from "../contract/report.ts";
import { isPortCheck } from "../watch/check-id.ts";

/** Kinds that ask for a page; an open port or a live process says nothing about one. */
const ASKS_A_PAGE: readonly Check["type"][] = ["http", "steps", "browser"];

/** Services of any kind that no check speaks for, and those of kind `http` of which none asks for a page: not the health path, not another one. */
export function unwatchedOf(
  services: Readonly<Record<string, { kind: "http" | "worker" }>>,
  checks: readonly Pick<Check, "id" | "service" | "type">[],
): AuditReport["unwatched"] {
  const watched = new Set(checks.map(({ service }) => service));
  const pages = checks.filter(({ id, type }) => ASKS_A_PAGE.includes(type) && !isPortCheck(id));
  const asked = new Set(pages.map(({ service }) => service));
  const names = Object.keys(services);
  return {
    services: names.filter((name) => !watched.has(name)),
    routes: names.filter((name) => services[name]?.kind === "http" && !asked.has(name)),
  };
}
