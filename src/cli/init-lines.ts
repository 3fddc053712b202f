import type { Answers, Offer, OfferedService, OfferedStore } from "../generate/init/manifest.ts";
import { safeText } from "./scan-values.ts";

/** What was found and is not in the manifest, each with the reason. */
export function leftOut({ services, left }: Offer, answers: Answers): string[] {
  const written = new Set(answers.services.map(({ name }) => name));
  return [
    ...services
      .filter(({ name }) => !written.has(name))
      .map(({ name, path, evidence }) => {
        const at = evidence ? `, ${evidence}` : "";
        return `${name} (${path}${at}): nothing tells how it is started; add services.${name} with its start`;
      }),
    ...left,
  ];
}

/** What the manifest has, with where it was seen and what is assumed, then what was left out. */
export function initLines({ services, stores }: Answers, left: readonly string[]): string[] {
  return [
    ...services.flatMap(serviceLines),
    ...stores.map(storeLine),
    ...left.map((text) => `not in the manifest: ${text}`),
  ].map(safeText);
}

function serviceLines({ name, kind, build, start, port, health, evidence, notes }: OfferedService): string[] {
  const steps = [...(build ? [`${build}, then`] : []), start].join(" ");
  const details = [
    ...(kind === "worker" ? ["a worker"] : []),
    ...(port === null ? [] : [`port ${port}`]),
    ...(health ? [`health ${health}`] : []),
  ];
  return [
    `${name}: ${[steps, ...details].join(", ")}${evidence ? ` (${evidence})` : ""}`,
    ...notes.map((text) => `  note: ${text}`),
  ];
}

function storeLine({ name, kind, url, evidence }: OfferedStore): string {
  return `store ${name}: ${kind}, ${url === null ? "a database of its own on this machine" : `at ${url}`} (${evidence})`;
}
