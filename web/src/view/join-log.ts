import type { LogLine } from "../../../src/contract/requests.ts";

/** A backlog and the lines a stream has brought meanwhile, without those that are in both (the end of one, the beginning of the other). */
export function joinLog(backlog: readonly LogLine[], streamed: readonly LogLine[]): LogLine[] {
  const most = Math.min(backlog.length, streamed.length);
  for (let overlap = most; overlap > 0; overlap--) {
    const tail = backlog.slice(-overlap);
    if (tail.every((line, index) => isSame(line, streamed[index]))) return [...backlog, ...streamed.slice(overlap)];
  }
  return [...backlog, ...streamed];
}

function isSame(a: LogLine, b: LogLine | undefined): boolean {
  return b !== undefined && a.replica === b.replica && a.text === b.text;
}
