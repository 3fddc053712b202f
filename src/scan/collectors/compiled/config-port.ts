import type { Document, Path } from "../../../formats/document.ts";
import { stringAt } from "../../../formats/document.ts";
import { extensionOf } from "../../../formats/tree.ts";
import type { View } from "../../collector.ts";
import { portOf } from "../../command-line.ts";

const FILE =
  /(?:^|\/)(?:(?:configs?|conf|settings|etc)\/)?(?:config|default|base|app|application|settings|server)\.(?:ya?ml|toml|json)$/i;
const GROUPS = ["server", "http", "app", "api", "web", "application", "service"];
const KEYS = ["port", "http_port", "httpPort", "Port", "addr", "address", "listen", "bind"];
const PATHS: readonly Path[] = [
  ...GROUPS.flatMap((group) => KEYS.map((key) => [group, key])),
  ["port"],
  ["http_port"],
  ["listen"],
];

/** Claims the port of a configuration file that the program may read: sure only of what people called it. */
export function claimConfigPort(view: View): boolean {
  for (const file of view.files.filter((path) => FILE.test(path))) {
    const document = read(view, file);
    for (const path of PATHS) {
      const port = portOf((stringAt(document.value, path) ?? "").replace(/^.*:(?=\d+$)/, ""));
      if (port === undefined) continue;
      view.claim("port", port, {
        source: "code",
        confidence: 0.6,
        at: view.seenAt(file, document, path, "config-port"),
      });
      return true;
    }
  }
  return false;
}

function read({ snapshot }: View, file: string): Document {
  const extension = extensionOf(file);
  if (extension === "json") return snapshot.json(file);
  return extension === "toml" ? snapshot.toml(file) : snapshot.yaml(file);
}
