import { ExternalError, toKnownError } from "../core/errors.ts";
import type { Issue, Tracker } from "./tracker.ts";

type NewIssue = Parameters<Tracker["create"]>[0];

/** By what an issue of ours is known again: a label to list by, and a mark in its text. */
interface Name {
  label: string;
  mark: string;
}

/** Issues of this name that our account wrote, open or not, the oldest first. */
export async function findOwn(tracker: Tracker, { label, mark }: Name): Promise<Issue[]> {
  return (await tracker.mine(label)).filter(({ body }) => body?.includes(mark));
}

/** Makes an issue. Somebody who cannot be assigned keeps nobody else from hearing of it. */
export async function createAssigned(tracker: Tracker, issue: NewIssue): Promise<Issue> {
  try {
    return await tracker.create(issue);
  } catch (error) {
    if (issue.assignees.length === 0 || toKnownError(error).code !== "SM-GITHUB-REFUSED") throw error;
    return await tracker.create({ ...issue, assignees: [] });
  }
}

/** Closes the younger of two issues that say the same. */
export async function closeDuplicate(tracker: Tracker, number: number, older: number): Promise<void> {
  await tracker.comment(number, `Duplicate of #${older}.`);
  await tracker.close(number, "not_planned");
}

/** The issue; undefined where somebody deleted it. */
export async function readOrGone(tracker: Tracker, number: number): Promise<Issue | undefined> {
  try {
    return await tracker.read(number);
  } catch (error) {
    if (error instanceof ExternalError && (error.status === 404 || error.status === 410)) return undefined;
    throw error;
  }
}

/** The oldest issue of this name, or a new one; of several that were made at the same moment the oldest stays open. */
export async function findOrCreate(tracker: Tracker, name: Name, issue: NewIssue): Promise<Issue> {
  const known = await findOwn(tracker, name);
  const made = known.length === 0 ? await createAssigned(tracker, issue) : undefined;
  const [oldest = made, ...younger] = made ? await findOwn(tracker, name) : known;
  if (!oldest) throw new Error("an issue is there or was made");
  for (const { number } of younger.filter(({ state }) => state === "open"))
    await closeDuplicate(tracker, number, oldest.number);
  return oldest;
}
