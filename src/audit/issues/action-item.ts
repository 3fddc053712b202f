import { inert } from "../../core/markdown.ts";
import { clip } from "../../core/text.ts";
import type { Marks } from "../../github/part.ts";
import type { ActionItemRow } from "../../store/tables/reports.ts";

const LONGEST_TITLE = 200;
/** Names of accounts on GitHub; whoever else has to do it is named in the text only. */
const ACCOUNT = /^[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}$/;

/** What an issue of an action item shows. */
export interface ItemView {
  project: string;
  item: ActionItemRow;
  /** Number of the issue of its incident; null where that has none. */
  incidentIssue: number | null;
}

/** One thing to do, in this order. */
export type ItemStep = "edit" | "close" | "finish" | "settle";

/** What brings an action item and its issue together: what is done on one side is done on the other. */
export function planItem(sight: { done: boolean; state: "open" | "closed"; edited: boolean }): ItemStep[] {
  const { done, state, edited } = sight;
  if (done) return [...(edited ? ["edit" as const] : []), ...(state === "open" ? ["close" as const] : []), "settle"];
  if (state === "closed") return ["finish", "settle"];
  return edited ? ["edit"] : [];
}

/** Around our part of the text. */
export function itemMarks({ project, item }: ItemView): Marks {
  return {
    begin: `<!-- stationmaster:action-item v=1 project=${project} id=${item.id} begin -->`,
    end: "<!-- stationmaster:action-item end -->",
  };
}

export function itemTitle({ item }: ItemView): string {
  return clip(`Action item: ${item.text.replace(/\s+/g, " ").replaceAll("@", "@\u200b")}`, LONGEST_TITLE);
}

/** Our part of the text, between its marks. */
export function itemPart(view: ItemView): string {
  const { item, incidentIssue } = view;
  const { id, incidentId, text, owner, due, doneBy } = item;
  const { begin, end } = itemMarks(view);
  const incident = incidentIssue === null ? inert(incidentId) : `#${incidentIssue} (${inert(incidentId)})`;
  return [
    begin,
    `**Owner:** ${inert(owner)}`,
    `**Due:** ${due}`,
    `**Incident:** ${incident}`,
    ...(doneBy === null ? [] : [`**Done by:** ${inert(doneBy)}`]),
    "",
    inert(text),
    "",
    `Closing this issue says that it is done, as \`stationmaster incidents action done ${id}\` does.`,
    end,
  ].join("\n");
}

/** The first of its labels is the one it is found by. */
export function itemLabels({ item }: ItemView): [string, ...string[]] {
  return [item.id, "action-item"];
}

export function itemAssignees({ item: { owner } }: ItemView): string[] {
  return ACCOUNT.test(owner) ? [owner] : [];
}
