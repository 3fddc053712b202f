import type { ActionItem } from "../contract/report.ts";

/** An action item in one line, with who has to do it and until when. */
export function actionItemLine({ id, text, owner, due, doneBy, issue }: ActionItem): string {
  const state = doneBy === null ? `due ${due}` : `done by ${doneBy}`;
  return `${text} (${[id, owner, state, ...(issue ? [`issue ${issue.number}`] : [])].join(", ")})`;
}
