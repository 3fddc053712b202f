import type { Step } from "./release.ts";

/** The scripts of steps, and a mark in `$WORK` from which on the way back is due: once the release has begun, or is over where it goes back itself. */
export function marked(steps: readonly Step[], goesBackItself: boolean): string[] {
  const mark = 'touch "$WORK/released"';
  return steps.flatMap(({ id, script }) =>
    id !== "release" ? [script] : goesBackItself ? [script, mark] : [mark, script],
  );
}
