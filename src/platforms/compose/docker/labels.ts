import { z } from "zod";

const PREFIX = "stationmaster.";

/** The engine gives a container another free port at each start, so we choose one and write it down here. */
export const PORT_LABEL = `${PREFIX}port`;

/** What a container that Compose makes for us was made from, so that a change of the file is seen later. */
export const DEFINITION_LABEL = `${PREFIX}definition`;

/** What a container of ours is, as its labels say. */
export const UnitLabels = z.object({
  app: z.string(),
  env: z.string(),
  service: z.string(),
  unit: z.string(),
  release: z.string(),
  rollout: z.string(),
  generation: z.coerce.number().int(),
  /** What it was started as. Labels never change: who serves users is in the route and in the store, whose candidate became stable. */
  role: z.enum(["stable", "candidate", "migration", "preview"]),
});
export type UnitLabels = z.output<typeof UnitLabels>;

/** Labels as Docker has them: `stationmaster.app`. */
export function dockerLabels(labels: Partial<UnitLabels>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [`${PREFIX}${key}`, String(value)]));
}

/** `--label` flags. */
export function labelArgs(labels: Partial<UnitLabels>): string[] {
  return Object.entries(dockerLabels(labels)).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
}

/** `--filter` flags that find what has these labels. */
export function filterArgs(labels: Partial<UnitLabels>): string[] {
  return Object.entries(labels).flatMap(([key, value]) => ["--filter", `label=${PREFIX}${key}=${value}`]);
}

/** The labels of something Docker knows; undefined when it is not ours. */
export function readLabels(labels: Readonly<Record<string, string>>): UnitLabels | undefined {
  const ours = Object.entries(labels).filter(([key]) => key.startsWith(PREFIX));
  return UnitLabels.safeParse(Object.fromEntries(ours.map(([key, value]) => [key.slice(PREFIX.length), value]))).data;
}
