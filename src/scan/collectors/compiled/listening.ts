import type { View } from "../../collector.ts";
import { portOf } from "../../command-line.ts";
import type { Source } from "../../fact.ts";
import { type Hit, searchCode } from "../../search.ts";

/** A form in which code names its port; the pattern has the groups `port` and, where it tells one, `host`. */
export interface ListenRule {
  id: string;
  pattern: RegExp;
  source?: Source;
  confidence?: number;
  /** Ports of this form may belong to stores and peers: only with a name of a server beside it. */
  loose?: boolean;
}

/** What stands beside ports that are not those of the application. */
const ASIDE =
  /metric|pprof|debug|prometheus|admin|grpc|redis|postgres|\bpg|mysql|mongo|\bdb|db_|database|sql|cache|broker|elastic|nats|vault|consul|etcd|smtp|mail|kafka|amqp|rabbit|proxy|upstream|client|dial|telemetry|otel|jaeger/i;
/** Lower numbers are of other things: lengths of queues, seconds. */
const LOWEST = 80;
/** Ports of databases, queues and mail: an application does not listen there. */
const STORES = new Set([25, 465, 587, 1433, 1521, 3306, 4222, 5432, 5672, 6379, 9042, 9092, 11211, 27017]);

/** Claims the port, and the address, of the first form that code has; the order of files and rules decides. */
export function claimListening(view: View, files: readonly string[], rules: readonly ListenRule[]): boolean {
  for (const rule of rules) {
    const hits = searchCode(view, rule.pattern, { files }).filter((hit) => {
      const port = portIn(hit);
      return port !== undefined && port >= LOWEST && !STORES.has(port) && !isTest(view, hit);
    });
    const own = hits.filter((hit) => !ASIDE.test(hit.match[0]) && !ASIDE.test(lineAt(view, hit)));
    const hit = own[0] ?? (rule.loose ? undefined : hits[0]);
    const port = hit && portIn(hit);
    if (!hit || port === undefined) continue;
    const at = view.seen(hit.file, hit.place, rule.id);
    const worth = {
      source: rule.source ?? "code",
      ...(rule.confidence && { confidence: rule.confidence }),
      at,
    } as const;
    view.claim("port", port, worth);
    const host = hit.match.groups?.host;
    if (host !== undefined) view.claim("bind", addressOf(host), worth);
    return true;
  }
  return false;
}

/** The address as it is written; what means all of them is `0.0.0.0`. */
export function addressOf(host: string): string {
  const plain = host.replace(/[[\]\s]/g, "");
  if (/^(?:|\*|\+|::|0(?:[.,]0){3})$/.test(plain)) return "0.0.0.0";
  return plain.replace(/,/g, ".");
}

function portIn({ match }: Hit): number | undefined {
  return portOf((match.groups?.port ?? "").replace(/_/g, ""));
}

/** Tests of Rust stand at the end of the file that they test. */
function isTest(view: View, { file, match }: Hit): boolean {
  return file.endsWith(".rs") && (view.snapshot.code(file)?.code.lastIndexOf("#[cfg(test)]", match.index) ?? -1) !== -1;
}

function lineAt(view: View, { file, place }: Hit): string {
  return view.snapshot.code(file)?.code.split("\n", place.line)[place.line - 1] ?? "";
}
