import { z } from "zod";

const MIB = 2 ** 20;

/** How a unit ended by itself. */
export const UnitExit = z.object({
  /** Null where a signal ended it. */
  code: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** Set where the kernel killed it for its memory; the limit in bytes, null where it had none of its own. */
  outOfMemory: z.object({ limit: z.number().nullable() }).optional(),
});
export type UnitExit = z.infer<typeof UnitExit>;

/** Follows the name of what ended: `exited with code 1`, `was ended by SIGSEGV`, `ran out of memory (limit 64 MiB) and was killed`. */
export function howItEnded({ code, signal, outOfMemory }: UnitExit): string {
  if (outOfMemory) {
    const limit = outOfMemory.limit === null ? "" : ` (limit ${Math.round(outOfMemory.limit / MIB)} MiB)`;
    return `ran out of memory${limit} and was killed`;
  }
  return signal ? `was ended by ${signal}` : `exited with code ${code}`;
}
