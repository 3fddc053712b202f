/** The sentence that every generated file with comments begins with. */
export const NOTE = "Written by stationmaster generate; edits are kept when it is written again.";

/** How far into a file its first comment reaches. */
export const NOTE_BYTES = 1_024;

/** Whether the beginning of a file says that it was generated. */
export function hasNote(head: string): boolean {
  return head
    .split("\n")
    .slice(0, 4)
    .some((line) => line.includes(NOTE));
}
