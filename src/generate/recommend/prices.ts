import { readFileSync } from "node:fs";
import { z } from "zod";
import { lazy } from "../../core/lazy.ts";

const PricesSchema = z.object({
  /** Day on which the table was put together. */
  date: z.iso.date(),
  rows: z.array(z.object({ id: z.string(), usd: z.number(), source: z.string(), date: z.iso.date() })),
});
export type Prices = z.infer<typeof PricesSchema>;

/** Days after which a price is told to be old. */
const OLD_DAYS = 180;
const DAY_MS = 86_400_000;

/** The bundled table of unit prices: each row with its source and its day. */
export const loadPrices = lazy(
  (): Prices => PricesSchema.parse(JSON.parse(readFileSync(new URL("../tables/prices.json", import.meta.url), "utf8"))),
);

/** A unit price in USD; undefined where the table has no dated row. */
export function priceOf({ rows }: Prices, id: string): number | undefined {
  return rows.find((row) => row.id === id)?.usd;
}

/** Rows of a platform that are older than half a year on a day (YYYY-MM-DD). */
export function oldPrices({ rows }: Prices, platform: string, today: string): string[] {
  const age = (date: string) => (Date.parse(today) - Date.parse(date)) / DAY_MS;
  return rows
    .filter(({ id, date }) => id.startsWith(`${platform}.`) && age(date) > OLD_DAYS)
    .map(({ id, date }) => `${id} is of ${date}`);
}
