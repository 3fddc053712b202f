/** A holder that has not said anything for so long has lost the node. */
export const SILENT_MS = 4_000;

/** Who may change a node: one controller, by the generation of its lease. */
export interface NodeGate {
  highest(): number;
  /** Also again by the one who has it; false while another one holds it. */
  hold(generation: number, holder: string, now: number): boolean;
  release(holder: string): void;
  /** Whether an order of that generation is refused. */
  refuses(generation: number | undefined): boolean;
}

export function createNodeGate(): NodeGate {
  let highest = 0;
  let held: { holder: string; at: number } | undefined;
  return {
    highest: () => highest,
    hold(generation, holder, now) {
      if (held && held.holder !== holder && now - held.at < SILENT_MS) return false;
      if (generation < highest) return false;
      highest = generation;
      held = { holder, at: now };
      return true;
    },
    release(holder) {
      if (held?.holder === holder) held = undefined;
    },
    refuses: (generation) => generation !== undefined && generation !== highest,
  };
}
