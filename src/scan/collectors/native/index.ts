import type { Collector, View } from "../../collector.ts";
import { sitesOf } from "../../declared/reach.ts";
import { dependenciesOf, findDependency } from "../../dependencies.ts";
import type { Evidence } from "../../fact.ts";
import { nearestFile } from "../../nearby.ts";
import { searchCode } from "../../search.ts";
import { LINKED_CRATES, NATIVE_LIBRARIES, PROGRAMS } from "../../tables/native-libraries.ts";

/** Packages of the operating system that packages and code of JavaScript, Go, Rust, the JVM, .NET and Elixir need. */
export const nativeCollector: Collector = {
  id: "native",
  reads: ["manifests", "Cargo.lock", "code"],
  collect(view) {
    fromPackages(view);
    fromCrates(view);
    fromCode(view);
  },
};

function fromPackages(view: View): void {
  for (const { folder } of sitesOf(view)) {
    const declared = dependenciesOf(view.snapshot, folder).filter(
      ({ group, indirect }) => group === "prod" && !indirect,
    );
    for (const { ecosystem, packages, needs, without = "" } of NATIVE_LIBRARIES) {
      if (without.split(" ").some((name) => findDependency(declared, ecosystem, name))) continue;
      for (const token of packages.split(" ")) {
        // `name@3` is that version only: later ones bring what they need.
        const [, name = "", major] = /^(.+?)(?:@(\d+))?$/.exec(token) ?? [];
        const found = declared.find(
          (one) =>
            one.ecosystem === ecosystem &&
            (one.name === name || (ecosystem === "go" && one.name.startsWith(`${name}/`))),
        );
        if (!found || (major !== undefined && /^[\D]*(\d+)/.exec(found.version ?? "")?.[1] !== major)) continue;
        tell(view, needs, 0.8, view.seen(found.file, found.place(), "package"));
      }
    }
  }
}

function fromCrates(view: View): void {
  const { snapshot, unit } = view;
  const lock = snapshot.has(view.path("Cargo.toml") ?? "") ? nearestFile(snapshot, unit.path, "Cargo.lock") : undefined;
  const text = lock === undefined ? "" : (snapshot.text(lock) ?? "");
  const lineOf = (crate: string) => text.split("\n").indexOf(`name = "${crate}"`) + 1;
  for (const { crate, needs, without } of LINKED_CRATES)
    if (lock !== undefined && lineOf(crate) > 0 && lineOf(without) === 0)
      tell(view, needs, 0.8, view.seen(lock, lineOf(crate), "crate"));
}

const STARTED =
  /\b(?:exec|execFile|execSync|execFileSync|spawn|spawnSync|execa|execAsync|exec\.Command(?:Context)?|Command::new|ProcessBuilder|Process\.Start|System\.cmd|shell_exec|subprocess\.(?:run|call|Popen|check_output|check_call))\s*\(\s*(?:\w+\s*,\s*)?\[?\s*["'`]([\w-]+)(?=["'` ])/g;
/** Files without one of them start nothing. */
const CALLS = ["exec", "spawn", "Command", "ProcessBuilder", "Process.Start", "System.cmd", "subprocess"];

/** Programs that code starts by name, and C in Go. */
function fromCode(view: View): void {
  const starting = view.sources.filter((file) => {
    const text = view.snapshot.text(file);
    return text !== undefined && CALLS.some((word) => text.includes(word));
  });
  for (const { file, place, match } of searchCode(view, STARTED, { files: starting })) {
    const name = match[1] ?? "";
    if (Object.hasOwn(PROGRAMS, name)) tell(view, PROGRAMS[name] ?? "", 0.75, view.seen(file, place, "program"));
  }
  for (const { file, place } of searchCode(view, /^import\s+"C"\s*$/gm, { extensions: ["go"] }))
    tell(view, "gcc libc6-dev", 0.9, view.seen(file, place, "cgo"));
}

function tell(view: View, packages: string, confidence: number, at: Evidence): void {
  for (const name of packages.split(" "))
    view.claimEach("native", name, { package: name }, { source: "convention", confidence, at });
}
