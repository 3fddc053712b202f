import type { DoctorReport } from "../contract/status.ts";
import { currentChecks } from "./checks.ts";
import type { Engine } from "./engine.ts";

/** What `doctor` says of checks that cannot be asked right now; nothing where all can. */
export async function checkFindings(engine: Engine): Promise<DoctorReport["checks"]> {
  try {
    const specs = await currentChecks(engine, () => {});
    return specs.flatMap(({ id, broken }) =>
      broken === undefined
        ? []
        : [
            {
              name: `check ${id}`,
              state: "warning" as const,
              detail: engine.redact(broken),
              next: "mend what it names; the daemon makes the check anew by itself",
            },
          ],
    );
  } catch {
    // The store's and the platform's own findings say why.
    return [];
  }
}
