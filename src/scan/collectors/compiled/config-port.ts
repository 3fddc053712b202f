import type { Document, Path } from "../../../formats/document.ts";
import { stringAt } from "../../../formats/document.ts";
import { extensionOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { portOf } from "../../command-line.ts";
import type { Evidence } from "../../fact.ts";

const FILE =
  /(?:^|\/)(?:(?:configs?|conf|settings|etc)\/)?(?:config|default|base|app|application|settings|server)\.(?:ya?ml|toml|json)$/i;
/** `config.example.yml`, `config.toml.sample`: what people copy. */
const SAMPLE = /[._-](?:example|sample|dist|default|template)(\.\w+)?$/i;
const GROUPS = ["server", "http", "app", "api", "web", "application", "service"];
const KEYS = ["port", "http_port", "httpPort", "Port", "addr", "address", "listen", "bind"];
const PATHS: readonly Path[] = [
  ...GROUPS.flatMap((group) => KEYS.map((key) => [group, key])),
  ["server", "http", "port"],
  ["server", "http", "addr"],
  ["port"],
  ["http_port"],
  ["listen"],
];

/** Claims the port of a configuration file that the program may read: sure only of what people called it. */
export function claimConfigPort(view: View): boolean {
  const found = configPort(view);
  if (found) view.claim("port", found.value, { source: "code", confidence: found.confidence, at: found.at });
  return found !== undefined;
}

/** The port in a configuration file that the program may read, the file itself before a sample of it. */
export function configPort(view: View): { value: number; at: Evidence; confidence: number } | undefined {
  const files = view.files.filter((path) => FILE.test(path.replace(SAMPLE, "$1")));
  for (const file of files.toSorted((a, b) => Number(SAMPLE.test(a)) - Number(SAMPLE.test(b)))) {
    const document = read(view, file);
    for (const path of PATHS) {
      const value = portOf((stringAt(document.value, path) ?? "").replace(/^.*:(?=\d+$)/, ""));
      if (value === undefined) continue;
      return {
        value,
        at: view.seenAt(file, document, path, "config-port"),
        confidence: SAMPLE.test(file) ? 0.55 : 0.6,
      };
    }
  }
  return undefined;
}

function read({ snapshot }: View, file: string): Document {
  const extension = extensionOf(file.replace(SAMPLE, "$1"));
  if (extension === "json") return snapshot.json(file);
  return extension === "toml" ? snapshot.toml(file) : snapshot.yaml(file);
}
