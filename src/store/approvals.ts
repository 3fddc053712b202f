import type { Queryable } from "./connect.ts";
import { and, desc, eq } from "./drizzle.ts";
import { type ApprovalRow, approval } from "./tables/hosts.ts";

const MOST = 500;

/** Stores that somebody vouches for something, and answers it with its time. */
export async function insertApproval(db: Queryable, row: Omit<ApprovalRow, "at">): Promise<ApprovalRow> {
  const [inserted] = await db.insert(approval).values(row).returning();
  if (!inserted) throw new Error("the approval was not stored");
  return inserted;
}

/** The last 500 of an environment, newest first. */
export async function listApprovals(db: Queryable, { app, env }: { app: string; env: string }): Promise<ApprovalRow[]> {
  return await db
    .select()
    .from(approval)
    .where(and(eq(approval.app, app), eq(approval.env, env)))
    .orderBy(desc(approval.at), desc(approval.id))
    .limit(MOST);
}
