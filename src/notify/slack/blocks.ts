import { clip } from "../../core/text.ts";
import type { Message } from "../message.ts";
import { linesOf, stateOf, titleOf } from "../text.ts";

const LONGEST_HEADER = 150;
const LONGEST_SECTION = 3_000;

/** A message as Block Kit: a header and a section. `text` is what notifications and readers without blocks show. */
export function blocksOf(message: Message): { text: string; blocks: unknown[] } {
  const title = titleOf(message);
  const links = new Map(message.links.map(({ title: name, url }) => [url, `<${url}|${escapeText(name)}>`]));
  const lines = linesOf(message).map(
    ([label, text]) => links.get(text) ?? `*${escapeText(label)}:* ${escapeText(text)}`,
  );
  const body = message.body === undefined ? [] : ["", escapeText(message.body)];
  return {
    text: escapeText(`${title} (${stateOf(message)})`),
    blocks: [
      { type: "header", text: { type: "plain_text", text: clip(title, LONGEST_HEADER) } },
      {
        type: "section",
        text: {
          type: "mrkdwn",
          text: clip(`_${stateOf(message)}_\n${[...lines, ...body].join("\n")}`, LONGEST_SECTION),
        },
      },
    ],
  };
}

/** The three characters by which Slack tells markup and mentions from text. */
function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
