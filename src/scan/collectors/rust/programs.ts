import type { Snapshot } from "../../snapshot.ts";
export function rustPrograms(_snapshot: Snapshot, _site: { folder: string }): { name: string }[] {
  return [];
}
