import { recordAt, stringAt } from "../../../../formats/document.ts";
import { baseOf, folderOf, joinPath } from "../../../../formats/tree.ts";
import { portOf } from "../../../command-line.ts";
import { filesNamed } from "../names.ts";
import { type Platform, type Seen, type Site, seenIn } from "../platform.ts";
import { healthPath, tellVariable } from "../tell.ts";
import { holdsProgram, unitNamed } from "../unit-at.ts";

const WORTH = { confidence: 0.7 };

/** Charts of Helm: only their values, the templates are no YAML. */
export const helm: Platform = {
  id: "helm",
  reads: ["Chart.yaml", "values.yaml"],
  find: (snapshot) =>
    filesNamed(snapshot, "Chart.yaml").filter((file) => !/(?:^|\/)charts\/[^/]+\/charts\//.test(file)),
  read(site) {
    for (const file of site.files) readChart(site, file);
  },
};

function readChart(site: Site, chart: string): void {
  const { snapshot, units } = site;
  const file = ["values.yaml", "values.yml"]
    .map((name) => joinPath(folderOf(chart), name) as string)
    .find((path) => snapshot.has(path));
  if (file === undefined) return;
  const document = snapshot.yaml(file);
  const at = seenIn(file, document);
  const { value } = document;
  const repository = stringAt(value, ["image", "repository"]) ?? "";
  const names = [baseOf(repository), stringAt(snapshot.yaml(chart).value, ["name"]) ?? "", baseOf(folderOf(chart))];
  const programs = units.filter(({ path }) => holdsProgram(snapshot, units, path));
  const unit =
    names.map((name) => unitNamed(units, name)).find((found) => found !== undefined) ??
    (programs.length === 1 ? programs[0] : undefined);
  const about = site.about(file, unit?.path, unit?.program == null ? [] : [unit.program]);
  const seen = (path: readonly string[], rule: string): Seen => ({ ...at(...path), rule, ...WORTH });
  for (const path of [
    ["containerPort"],
    ["service", "targetPort"],
    ["service", "containerPort"],
    ["service", "internalPort"],
    ["container", "port"],
  ]) {
    const port = portOf(stringAt(value, path) ?? "");
    about.claim("port", port, seen(path, "port"));
  }
  // `helm create` writes `/` for every application.
  for (const [fact, key] of [
    ["health", "livenessProbe"],
    ["readiness", "readinessProbe"],
  ] as const) {
    const path = healthPath(stringAt(value, [key, "httpGet", "path"]));
    if (path !== "/") about.claim(fact, path, seen([key, "httpGet", "path"], "probe"));
  }
  for (const name of Object.keys(recordAt(value, ["env"])))
    if (/^[A-Z][A-Z0-9_]+$/.test(name)) tellVariable(about, name, seen(["env", name], "env"));
}
