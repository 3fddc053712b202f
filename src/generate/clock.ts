/** Programs that start work at its times: two of them start everything twice. */
const CLOCK =
  /\bcelery\b.*\s(?:beat|-B|--beat)(?=\s|$)|\brq(?:-?scheduler\b|\s+scheduler\b)|\bclockwork\b|\bartisan schedule:work\b/;

/** Whether a command line is a clock, of which one runs and never two beside each other. */
export function isClock(command: string | null | undefined): boolean {
  return CLOCK.test(command ?? "");
}
