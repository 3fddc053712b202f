import { memoryFiles } from "../../files.ts";
import { scanUnits } from "../../scan.ts";
import { factValue } from "../../services.ts";
import { takeSnapshot } from "../../snapshot.ts";

/** A package.json that asks for one package. */
export function pkg(name: string, development = false): Record<string, string> {
  return {
    "package.json": JSON.stringify({ [development ? "devDependencies" : "dependencies"]: { [name]: "^1.0.0" } }),
  };
}

/** The health and readiness path of the first unit, each with where it was seen: `/health app.js:2`. */
export function healthOf(files: Record<string, string>): { health: string | undefined; readiness: string | undefined } {
  const [unit] = scanUnits(takeSnapshot(memoryFiles(files))).units;
  const told = (name: "health" | "readiness") => {
    const value = unit && factValue(unit, name);
    const [at] = unit?.facts.get(name)?.evidence ?? [];
    return value === undefined ? undefined : `${value} ${at?.file}:${at?.line}`;
  };
  return { health: told("health"), readiness: told("readiness") };
}
