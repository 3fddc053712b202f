import type { ActionItem } from "../contract/report.ts";

/** An action item in one line, with who has to do it and until when. */
export function actionItemLine({ id, text, owner, due, doneBy }: ActionItem): string {
  return `${text} (${id}, ${owner}, ${doneBy === null ? `due ${due}` : `done by ${doneBy}`})`;
}
