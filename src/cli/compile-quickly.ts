import { setFlagsFromString } from "node:v8";

/**
 * WebAssembly stays as it is compiled first: a command ends before optimised code pays. Without that, the parsers of workflows and of
 * Terraform take twice the processor time and half as much memory again. Not for the daemon.
 */
export function compileQuickly(): void {
  for (const flag of ["--liftoff-only", "--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);
}
