import type { ScannedService, ScanReport } from "../../contract/scan.ts";

/** How sure a fact of a service is, 0 to 1. */
export function certaintyOf({ name }: ScannedService, fact: string, { facts }: ScanReport): number {
  return facts[`${name}.${fact}`]?.confidence ?? 0;
}

/** Whether it is nothing but files that a server of any kind hands out. */
export function isPages({ kind }: ScannedService): boolean {
  return kind === "static" || kind === "spa";
}

/** The first files and lines that show a service. */
export function evidenceOf({ name }: ScannedService, { facts }: ScanReport): string {
  const places = ["start", "framework", "kind"].flatMap((fact) => {
    const first = facts[`${name}.${fact}`]?.evidence[0];
    return first ? [`${first.file}:${first.line}`] : [];
  });
  return [...new Set(places)].slice(0, 2).join(", ");
}
