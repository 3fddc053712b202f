import { z } from "zod";
import { Check, CheckType, Verdict } from "./check.ts";

export const CheckSort = z.enum(["verdict", "id", "since", "uptime", "p95"]);
export type CheckSort = z.infer<typeof CheckSort>;

/** Which checks, and in which order; all of them as they are in the manifest where nothing is said. */
export const CheckQuery = z.object({
  /** Occurs in the id or in what is asked, in any case. */
  text: z.string().max(200).optional(),
  verdict: Verdict.optional(),
  service: z.string().optional(),
  type: CheckType.optional(),
  /** Only what is neither UP nor UNKNOWN. */
  failing: z.stringbool().optional(),
  /** The worst, the newest change, the lowest uptime, the slowest first; ids from A to Z. */
  sort: CheckSort.optional(),
  /** The other way round. */
  reverse: z.stringbool().optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
});
export type CheckQuery = Partial<z.output<typeof CheckQuery>>;

export const CheckList = z.object({
  checks: z.array(Check),
  /** How many there are before `offset` and `limit`. */
  total: z.number().int(),
  /** The same by verdict, whatever verdict was asked for. */
  verdicts: z.record(Verdict, z.number().int()),
});
export type CheckList = z.infer<typeof CheckList>;

/** The query as it stands in an address: `verdict=DOWN&limit=100`. */
export function searchOf(query: CheckQuery): string {
  const said = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return new URLSearchParams(said.map(([key, value]): [string, string] => [key, String(value)])).toString();
}
