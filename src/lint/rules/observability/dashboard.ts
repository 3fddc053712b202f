import { type Document, isRecord, listAt, type Path, valueAt } from "../../../formats/document.ts";

export interface Panel {
  path: Path;
  value: Record<string, unknown>;
}

/** Where the dashboard lies in its document: the answer of Grafana's API wraps it. */
export function dashboardPath({ value }: Document): Path {
  return isRecord(valueAt(value, ["dashboard"])) ? ["dashboard"] : [];
}

/** The panels of a dashboard, those in closed rows too. */
export function panelsOf(document: Document): Panel[] {
  return panelsIn(document.value, [...dashboardPath(document), "panels"], 0);
}

function panelsIn(root: unknown, path: Path, depth: number): Panel[] {
  return listAt(root, path).flatMap((value, index) => {
    if (!isRecord(value)) return [];
    const own = [...path, index];
    return [{ path: own, value }, ...(depth < 2 ? panelsIn(root, [...own, "panels"], depth + 1) : [])];
  });
}
