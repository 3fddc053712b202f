const BEGIN = "# stationmaster: begin";
const END = "# stationmaster: end";

/** Our marked part of a file of somebody else; undefined where it has none. */
export function regionIn(text: string): string | undefined {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END, from);
  return from === -1 || to === -1 ? undefined : text.slice(text.indexOf("\n", from) + 1, to);
}

/** The file with our part in place of the one it had, or at its end. */
export function withRegion(text: string, part: string): string {
  const block = `${BEGIN}\n${part.replace(/\n*$/, "\n")}${END}`;
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END, from);
  if (from !== -1 && to !== -1) return text.slice(0, from) + block + text.slice(to + END.length);
  return `${text === "" || text.endsWith("\n") ? text : `${text}\n`}${text === "" ? "" : "\n"}${block}\n`;
}
