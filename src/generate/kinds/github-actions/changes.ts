import type { Plan, PlannedService } from "../../plan.ts";
import { checkout, RUNNER, type Values } from "./workflow.ts";

/** Whether services lie in folders of their own, so that a change of one needs no tests of the others. */
export function hasSeparateFolders({ services }: Plan): boolean {
  return services.length > 1 && services.filter(({ path }) => path === ".").length === 0;
}

/** The job that finds out which services a change is about. GitHub's own filter would leave required checks waiting. */
export function changesJob(plan: Plan): Values {
  const names = plan.services.map(({ name }) => name);
  const lines = plan.services.map((service) => `decide ${service.name} '${pattern(service, plan)}'`);
  return {
    name: "What changed",
    "runs-on": RUNNER,
    "timeout-minutes": 5,
    outputs: Object.fromEntries(names.map((name) => [name, `\${{ steps.changes.outputs.${name} }}`])),
    steps: [
      ...checkout(plan.pins, { "fetch-depth": 0 }),
      {
        id: "changes",
        name: "Compare with the target branch",
        env: { BASE: "${{ github.event.pull_request.base.sha || github.event.before }}" },
        run: `# Without a known beginning (a new branch, a manual run) everything counts as changed.
if git cat-file -e "$BASE^{commit}" 2>/dev/null; then
  changed=$(git diff --name-only "$BASE" "$GITHUB_SHA")
else
  changed=
fi
decide() {
  if [ -z "$changed" ] || grep -Eq "$2" <<< "$changed"; then
    echo "$1=true" >> "$GITHUB_OUTPUT"
  else
    echo "$1=false" >> "$GITHUB_OUTPUT"
  fi
}
${lines.join("\n")}
`,
      },
    ],
  };
}

/** Its own folder, what it is built with, files of the workspace's root, and this pipeline. */
function pattern({ path, internal, workspace }: PlannedService, { services }: Plan): string {
  const folders = [path, ...internal].map((folder) => `${escaped(folder)}/`);
  const root = workspace === null ? [] : [workspace === "." ? "[^/]+$" : `${escaped(workspace)}/[^/]+$`];
  const known = services.length > 0 ? ["\\.github/workflows/ci\\.yml$"] : [];
  return `^(${[...folders, ...root, ...known].join("|")})`;
}

function escaped(text: string): string {
  return text.replace(/[.+*?^$()[\]{}|\\]/g, "\\$&");
}
