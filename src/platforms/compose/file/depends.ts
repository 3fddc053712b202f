import { findCycle } from "../../../config/references.ts";
import { UserError } from "../../../core/errors.ts";
import type { ComposeFile } from "./model.ts";

/**
 * The services of the manifest that the Compose file wants up before each of them. UserError `SM-COMPOSE-CYCLE` where file and
 * manifest together lead in a circle, also by way of what is left to Compose.
 */
export function fileDependencies(
  file: Pick<ComposeFile, "services" | "infrastructure">,
  manifest: Record<string, { depends_on: readonly string[] }>,
): Record<string, string[]> {
  const all = Object.entries({ ...file.infrastructure, ...file.services });
  const named = Object.fromEntries(all.map(([name, { depends_on = {} }]) => [name, Object.keys(depends_on)]));
  const circle = findCycle({
    ...named,
    ...Object.fromEntries(
      Object.entries(manifest).map(([name, { depends_on }]) => [name, [...depends_on, ...(named[name] ?? [])]]),
    ),
  });
  if (circle)
    throw new UserError({
      code: "SM-COMPOSE-CYCLE",
      message: `services depend on each other in a circle: ${circle.join(" → ")}`,
      next: "remove one of these depends_on, in the Compose file or in the manifest",
    });
  return Object.fromEntries(
    Object.entries(named).map(([name, others]) => [name, others.filter((other) => other in file.services)]),
  );
}
