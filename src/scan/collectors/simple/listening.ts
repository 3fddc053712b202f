import { extensionOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { portOf } from "../../command-line.ts";
import { hitsIn } from "../../search.ts";
import { addressOf } from "../compiled/listening.ts";

const PORT = String.raw`(?<port>\d{4,5})(?![\d.])`;
const RULES: readonly RegExp[] = [
  new RegExp(String.raw`["'](?:\w*_)?PORT["'][\])]*[^\n;]{0,48}?["' (]${PORT}`, "g"),
  new RegExp(String.raw`["'](?<host>0\.0\.0\.0|127\.0\.0\.1|localhost|::)["']\s*,\s*(?:port\s*[:=]\s*)?${PORT}`, "g"),
  new RegExp(
    String.raw`(?<![\w-])(?:listen|serve|scotty|spock|warp|runServer|run|bind|htons|setPort|defaultWithPort|fromInt|addListener|Listener|start|serve_forever|port|Port)\b(?:\[[^\]\n]*\])?[^\S\n]*[(!{]*[^\S\n]*(?:[\w.$@]+[^\S\n]*,?[^\S\n]+){0,2}["']?${PORT}`,
    "g",
  ),
  new RegExp(String.raw`(?<![\w-])(?:[a-z]\w*_)?:?port['"]?\s*(?::=|=>|[:=,(\s])\s*(?:Port\()?["']?${PORT}`, "gi"),
];
const STORES = new Set([3306, 5432, 6379, 9092, 11211, 27017]);

/** Claims the first port that code names where it seems to listen; never surer than 0.6. */
export function claimSimplePort(view: View, extensions: readonly string[]): boolean {
  for (const rule of RULES)
    for (const file of view.sources) {
      if (!extensions.includes(extensionOf(file))) continue;
      for (const { match, place } of hitsIn(view.snapshot.code(file)?.code ?? "", rule, file)) {
        const port = portOf(match.groups?.port ?? "");
        if (port === undefined || STORES.has(port)) continue;
        const worth = { source: "code", confidence: 0.6, at: view.seen(file, place, "listen") } as const;
        view.claim("port", port, worth);
        if (match.groups?.host !== undefined) view.claim("bind", addressOf(match.groups.host), worth);
        return true;
      }
    }
  return false;
}
