import { isRecord, stringAt } from "../../../formats/document.ts";
import type { View } from "../../collector.ts";
import { portOf } from "../../command-line.ts";
import { addressOf, claimListening, type ListenRule } from "../compiled/listening.ts";

const PORT = String.raw`(?<port>\d{2,5})\b`;
const URL = String.raw`\$?@?"http://(?<host>[^:"/{}]+):${PORT}`;

/** How programs of .NET name their port, the surest form first. */
const RULES: readonly ListenRule[] = [
  {
    id: "environment",
    pattern: new RegExp(String.raw`GetEnvironmentVariable\(\s*"\w*PORT"\s*\)\s*\?\?\s*"?${PORT}`, "g"),
  },
  { id: "environment", pattern: new RegExp(String.raw`GetValue(?:<\w+>)?\(\s*"[\w:]*port"\s*,\s*${PORT}`, "gi") },
  {
    id: "urls",
    pattern: new RegExp(String.raw`\b(?:UseUrls|Urls\.Add|Run|RunAsync|url|Prefixes\.Add)\s*\(?\s*${URL}`, "g"),
  },
  { id: "listen", pattern: new RegExp(String.raw`\b(?:ListenAnyIP|ListenLocalhost)\s*\(\s*${PORT}`, "g") },
  { id: "listen", pattern: new RegExp(String.raw`\b(?:Listen|TcpListener)\s*\(\s*IPAddress\.\w+\s*,\s*${PORT}`, "g") },
  { id: "listen", pattern: new RegExp(String.raw`\bcreateSimple\s+HTTP\s+"(?<host>[\d.]+)"\s+${PORT}`, "g") },
  {
    id: "constant",
    loose: true,
    pattern: new RegExp(String.raw`\b(?:var|int|let|string)\s+(?:\w*_)?port\s*=\s*"?${PORT}`, "gi"),
  },
];
const SETTINGS = ["appsettings.Production.json", "appsettings.json", "hosting.json"];

/** Claims where it listens by its settings and its code; `launchSettings.json` is for development and counts nothing. */
export function claimAddress(view: View, sources: readonly string[]): boolean {
  for (const name of SETTINGS) {
    const file = view.path(name);
    if (file === undefined || !view.snapshot.has(file)) continue;
    const document = view.snapshot.json(file);
    const endpoints =
      isRecord(document.value) && isRecord(document.value.Kestrel) ? document.value.Kestrel.Endpoints : undefined;
    const paths = [
      ...Object.keys(isRecord(endpoints) ? endpoints : {}).map((key) => ["Kestrel", "Endpoints", key, "Url"]),
      ["Urls"],
      ["urls"],
    ];
    for (const path of paths) {
      const [, host = "", digits = ""] = /http:\/\/([^:/;]+):(\d+)/.exec(stringAt(document.value, path) ?? "") ?? [];
      const port = portOf(digits);
      if (port === undefined) continue;
      const worth = { source: "project", at: view.seenAt(file, document, path, "settings") } as const;
      view.claim("port", port, worth);
      view.claim("bind", addressOf(host), worth);
      return true;
    }
  }
  return claimListening(view, sources, RULES);
}
