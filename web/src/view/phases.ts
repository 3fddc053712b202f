import type { Phases } from "../../../src/contract/check.ts";

interface Part {
  name: keyof Phases;
  label: string;
  ms: number;
  /** Of the whole run, 0 to 1. */
  share: number;
}

const LABELS: Record<keyof Phases, string> = {
  queue: "wait for a slot",
  resolve: "name lookup",
  connect: "connect",
  tls: "TLS",
  processing: "first byte",
  transfer: "transfer",
};

/** The parts of a run in the order in which they happen; empty where none took any time. */
export function phaseParts(phases: Phases): Part[] {
  const names = Object.keys(LABELS) as (keyof Phases)[];
  const total = names.reduce((sum, name) => sum + phases[name], 0);
  if (total === 0) return [];
  return names.map((name) => ({ name, label: LABELS[name], ms: phases[name], share: phases[name] / total }));
}
