import type { Host } from "../../exec/host.ts";
import { writeThere } from "../../exec/ssh-write.ts";
import type { HostGate } from "./gate.ts";

/**
 * The host as the controller of one generation may use it: every program runs inside the gate, also those that write files
 * (`PolicyError` `SM-GATE-REFUSED` when another generation is in force).
 */
export function gatedHost(host: Host, gate: HostGate, key: string, generation: number): Host {
  const run: Host["run"] = (argv, options) => gate.run(key, generation, argv, options);
  return {
    ...host,
    run,
    open: (argv, options) => gate.open(key, generation, argv, options),
    write: (path, content, options) => writeThere(run, host.name, path, content, options),
  };
}
