import { type Command, Option } from "commander";
import { GENERATE_KINDS, GENERATE_TARGETS } from "../contract/generate-kinds.ts";
import { command } from "./command.ts";
import { looking } from "./looking.ts";

/** Commands about the files of a repository: they need neither the daemon nor its store. */
export function addRepositoryCommands(program: Command): void {
  command(
    program,
    "scan [folder]",
    "facts about a repository, each with the file and line that shows it",
    looking(() => import("./commands/scan.ts")),
    ["stationmaster scan", "stationmaster scan ../shop --json", "stationmaster scan --why api.port"],
  )
    .option("--why <fact>", "one fact: what else was seen, why it lost, and which rules almost held")
    .option("--commit <rev>", "scan a commit instead of the files in the folder")
    .option("--explain <fact>", "the same as --why");
  command(
    program,
    "recommend [folder]",
    "compare platforms for a repository: points, cost, and what rules one out, each with what shows it",
    looking(() => import("./commands/recommend.ts")),
    ["stationmaster recommend", "stationmaster recommend ../shop --json"],
  );
  command(
    program,
    "generate [folder-or-kinds...]",
    "write or merge infrastructure files: Dockerfiles, compose, pipelines, Kubernetes, Terraform, alerts, runbooks",
    looking(() => import("./commands/generate.ts")),
    [
      "stationmaster generate --plan",
      "stationmaster generate dockerfile compose --diff",
      "stationmaster generate ../shop --kinds kubernetes --out /tmp/shop --json",
      "stationmaster generate --check",
    ],
  )
    .option("--kinds <kinds...>", `these kinds only: ${GENERATE_KINDS.join(", ")}`)
    .option("--only <kinds...>", "the same as --kinds")
    .option("--out <dir>", "write below this folder instead of the repository")
    .addOption(
      new Option("--target <platform>", "for this platform instead of that of the manifest").choices(GENERATE_TARGETS),
    )
    .option("--plan", "show what files are written from, each field with where it comes from, and stop")
    .option("--diff", "show what would change, line by line, and stop")
    .option("--check", "the same; exit code 1 where something would change")
    .option("--adopt", "replace files that were there before by generated ones")
    .option(
      "--apply-code",
      "put health routes and logging into the code too, as a marked part of the files that start services",
    )
    .option("--restore", "write files again that were deleted by hand");
  command(
    program,
    "update-pins [folder]",
    "look up newer releases of the images, actions and tools that files are generated with; needs the network",
    () => import("./commands/update-pins.ts"),
    ["stationmaster update-pins --diff", "stationmaster update-pins --major --json"],
  )
    .option("--major", "also move actions and tools to another major version")
    .option("--diff", "show what would change, and stop");
  command(
    program,
    "check [path]",
    "lint Dockerfiles, Compose files, pipelines, Kubernetes, Terraform and alerts, and look for secrets",
    looking(() => import("./commands/check.ts")),
    ["stationmaster check", "stationmaster check deploy/k8s --json", "stationmaster check Dockerfile --fix"],
  )
    .option("--tools", "let installed programs judge too: promtool, terraform, kubectl, helm, shellcheck, caddy")
    .option("--fix", "mend what can be mended without a doubt; the rest is shown")
    .option("--sarif", "SARIF 2.1.0 instead of text, for code scanning")
    .option("--github", "annotations of GitHub Actions too; by itself where GITHUB_ACTIONS is set")
    .option("--rules", "list the rules and stop");
}
