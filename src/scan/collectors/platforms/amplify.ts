import { listAt, recordAt, stringAt } from "../../../formats/document.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import { filesNamed } from "./names.ts";
import { type Platform, type Site, seenIn } from "./platform.ts";
import { tellBuild } from "./tell-build.ts";
import { tellOutput } from "./tell-output.ts";

export const amplify: Platform = {
  id: "amplify",
  reads: ["amplify.yml"],
  find: (snapshot) => filesNamed(snapshot, "amplify.yml", "amplify.yaml"),
  read(site) {
    for (const file of site.files) readFile(site, file);
  },
};

/** Folders that the platform keeps for what frameworks build. */
const OF_FRAMEWORKS = /^\/?(?:\.next|\.amplify-hosting|\.nuxt|\.output|\.amplify\S*)\/?$/;

function readFile(site: Site, file: string): void {
  const document = site.snapshot.yaml(file);
  const at = seenIn(file, document);
  const { value } = document;
  const applications = listAt(value, ["applications"]);
  const roots = applications.length > 0 ? applications.map((_, index) => ["applications", index]) : [[]];
  for (const root of roots) {
    const seen = (...path: (string | number)[]) => at(...root, ...path);
    const phases = recordAt(value, [...root, "frontend", "phases"]);
    const folder = joinPath(folderOf(file), `./${stringAt(value, [...root, "appRoot"]) ?? ""}`);
    const commands = (phase: string) => listAt(phases, [phase, "commands"]).filter((line) => typeof line === "string");
    const all = [...commands("preBuild"), ...commands("build")].filter(
      (line) => !/^(?:nvm|echo|env|export|corepack) |>>\s*\.env/.test(line),
    );
    tellBuild(site, { file, folder }, all.join(" && "), seen("frontend", "phases", "build", "commands"));
    const output = stringAt(value, [...root, "frontend", "artifacts", "baseDirectory"])?.replace(/^\//, "");
    if (output !== undefined && !OF_FRAMEWORKS.test(output))
      tellOutput(site, { file, folder }, output || ".", seen("frontend", "artifacts", "baseDirectory"));
  }
}
