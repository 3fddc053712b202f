import type { Queryable } from "./connect.ts";
import { and, gt, inArray, lte } from "./drizzle.ts";
import { domainEnd } from "./tables/domains.ts";

type DomainEndRow = typeof domainEnd.$inferSelect;

/** What was answered about these names since then. */
export async function knownDomainEnds(
  db: Queryable,
  names: readonly string[],
  since: Date,
): Promise<Map<string, DomainEndRow>> {
  if (names.length === 0) return new Map();
  const mine = and(inArray(domainEnd.name, [...names]), gt(domainEnd.askedAt, since));
  const rows = await db.select().from(domainEnd).where(mine);
  return new Map(rows.map((row) => [row.name, row]));
}

/** Stores an answer in place of the one before. */
export async function putDomainEnd(db: Queryable, row: DomainEndRow): Promise<void> {
  await db.insert(domainEnd).values(row).onConflictDoUpdate({ target: domainEnd.name, set: row });
}

/** Removes what was answered until then, also about names that nobody watches any more. */
export async function removeDomainEnds(db: Queryable, until: Date): Promise<void> {
  await db.delete(domainEnd).where(lte(domainEnd.askedAt, until));
}
