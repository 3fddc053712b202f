import { places } from "../../../formats/text.ts";
import type { Collector, View } from "../../collector.ts";
import { builtIn } from "./actuator.ts";
import { type Judged, judge } from "./names.ts";
import type { Composed } from "./route.ts";
import { routesOf } from "./routes.ts";

/** The path that tells whether a service lives, and the one that tells whether it is ready. */
export const healthCollector: Collector = {
  id: "health",
  reads: ["routes in code", "route files", "pom.xml", "build.gradle", "application.yml"],
  collect(view) {
    const found = routesOf(view).flatMap(judged);
    const own = builtIn(view);
    for (const kind of ["health", "readiness"] as const) {
      const [best] = found.filter((one) => one.kind === kind).sort(byWorth);
      if (best && best.confidence >= 0.5) {
        const { route, path, confidence } = best;
        view.claim(kind, path, { source: "code", confidence, at: seen(view, route.file, route.at, route.rule) });
      }
      const built = kind === "health" ? own?.health : own?.readiness;
      if (!own || built === undefined) continue;
      const path = `/${`${own.prefix}/${built}`.split("/").filter(Boolean).join("/")}`;
      if (path !== best?.path)
        view.claim(kind, path, { source: best ? "convention" : "project", confidence: own.confidence, at: own.at });
    }
    const [doubtful] = found.filter(({ confidence }) => confidence < 0.5);
    if (doubtful && !found.some(({ confidence }) => confidence >= 0.5))
      view.miss(
        "health",
        `${doubtful.path} may answer for health, but its whole path is not written down`,
        seen(view, doubtful.route.file, doubtful.route.at, doubtful.route.rule),
      );
  },
};

interface Candidate extends Composed, Judged {
  confidence: number;
}

function judged(composed: Composed): Candidate[] {
  const { path, route, sure } = composed;
  const verdict = judge(path) ?? (route.certain ? { kind: "health" as const, rank: 1, doubt: 0 } : undefined);
  if (!verdict) return [];
  const confidence = Math.max(0, route.confidence - verdict.doubt - (sure ? 0 : 0.4));
  return [{ ...composed, ...verdict, confidence }];
}

/** What is registered as a route goes before what is merely compared; then the more general name, then the shorter path. */
function byWorth(a: Candidate, b: Candidate): number {
  return (
    Number(b.confidence >= 0.7) - Number(a.confidence >= 0.7) ||
    a.rank - b.rank ||
    b.confidence - a.confidence ||
    a.path.length - b.path.length ||
    (a.path < b.path ? -1 : 1)
  );
}

function seen(view: View, file: string, at: number, rule: string) {
  return view.seen(file, places(view.snapshot.text(file) ?? "")(at), rule);
}
