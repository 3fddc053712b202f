/** What a Redis server answers to one command: a text, or an error in its words. */
export type Reply = { text: string; error?: never } | { error: string; text?: never };

/** Commands as the protocol has them. */
export function commandsText(commands: readonly (readonly string[])[]): string {
  const partText = (part: string) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`;
  return commands.map((parts) => `*${parts.length}\r\n${parts.map(partText).join("")}`).join("");
}

/**
 * The replies that are complete in what came (RESP 2: simple strings, errors and bulk strings, all that our commands are answered
 * with); null where something else came.
 */
export function readReplies(text: string): Reply[] | null {
  const bytes = Buffer.from(text);
  const replies: Reply[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf("\r\n", at);
    const line = bytes.subarray(at, end < 0 ? undefined : end).toString();
    if (!/^(?:[+-]|\$\d*$)/.test(line)) return null;
    if (end < 0) break;
    at = end + 2;
    if (line.startsWith("-")) replies.push({ error: line.slice(1) });
    else if (line.startsWith("+")) replies.push({ text: line.slice(1) });
    else {
      const last = at + Number(line.slice(1));
      if (bytes.length < last + 2) break;
      replies.push({ text: bytes.subarray(at, last).toString() });
      at = last + 2;
    }
  }
  return replies;
}
