import { recordAt, stringAt, valueAt } from "../../../formats/document.ts";
import { folderOf, isIn, joinPath } from "../../../formats/tree.ts";
import { filesNamed } from "./names.ts";
import { type About, type Platform, type Seen, type Site, seenIn } from "./platform.ts";
import { tellCron, tellVariable } from "./tell.ts";
import { tellBuild } from "./tell-build.ts";
import { tellOutput } from "./tell-output.ts";

/** Variables that choose a version of a runtime. */
const VERSIONS: Record<string, string> = {
  NODE_VERSION: "node",
  PYTHON_VERSION: "python",
  RUBY_VERSION: "ruby",
  GO_VERSION: "go",
  PHP_VERSION: "php",
  BUN_VERSION: "bun",
};

export const netlify: Platform = {
  id: "netlify",
  reads: ["netlify.toml"],
  find: (snapshot) => filesNamed(snapshot, "netlify.toml"),
  read(site) {
    for (const file of site.files) readFile(site, file);
  },
};

function readFile(site: Site, file: string): void {
  const document = site.snapshot.toml(file);
  const seen = seenIn(file, document);
  const { value } = document;
  /** The key as production has it. */
  const key = (name: string): string[] => {
    const own = ["context", "production", name];
    return valueAt(value, own) === undefined ? ["build", name] : own;
  };
  const home = folderOf(file);
  const base = stringAt(value, key("base"));
  const folder = joinPath(home, `./${base ?? ""}`);
  const command = key("command");
  const about = tellBuild(site, { file, folder }, stringAt(value, command), seen(...command));
  const publish = key("publish");
  const text = stringAt(value, publish);
  tellOutput(site, { file, folder: home }, text && fromHome(text, base), seen(...publish));
  tellSchedules(about, value, seen);
  for (const path of [
    ["build", "environment"],
    ["context", "production", "environment"],
  ])
    for (const name of Object.keys(recordAt(value, path))) {
      const at = seen(...path, name);
      const runtime = VERSIONS[name];
      const version = stringAt(value, [...path, name]);
      if (runtime === undefined) tellVariable(about, name, at, { phase: "build" });
      else if (version !== undefined) about.claim("runtime", { name: runtime, version }, { ...at, rule: "runtime" });
    }
}

/** Functions that are called by the clock. */
function tellSchedules(about: About, value: unknown, seen: (...path: string[]) => Seen): void {
  for (const name of Object.keys(recordAt(value, ["functions"])))
    tellCron(
      about,
      { name, schedule: stringAt(value, ["functions", name, "schedule"]) },
      seen("functions", name, "schedule"),
    );
}

/** `publish` is relative to `base`; many write it from the root all the same. */
function fromHome(publish: string, base: string | undefined): string {
  const clean = publish.replace(/^\.?\//, "") || ".";
  const folder = base?.replace(/^\.?\//, "").replace(/\/$/, "") ?? "";
  return folder === "" || isIn(clean, folder) ? clean : `${folder}/${clean}`;
}
