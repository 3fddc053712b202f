import type { GeneratedFile } from "../../kind.ts";
import { previewOf } from "../../pipeline/preview.ts";
import type { Needed } from "../../pipeline/release.ts";
import type { Plan } from "../../plan.ts";
import { toolSteps } from "./tool.ts";
import { environmentOf } from "./variables.ts";
import { BASH, checkout, RUNNER, script, type Values, type WorkflowStep, workflowText } from "./workflow.ts";

const TOKEN = { GH_TOKEN: "${{ github.token }}" };

/** A preview for each pull request of the repository itself; those of forks get none, since they may hold anything. */
export function previewWorkflow(plan: Plan): GeneratedFile[] {
  const preview = previewOf(plan);
  if (preview.kind === "none") return [];
  const { needs, prepare, open, close, remove, stationmaster } = preview;
  const event = { NUMBER: "${{ github.event.number }}", RELEASE: "${{ github.event.pull_request.head.sha }}" };
  const step = (name: string, run: string, more: Readonly<Record<string, string>> = event): WorkflowStep =>
    script(name, run, environmentOf(run, needs, more));
  const job = (name: string, condition: string, steps: readonly WorkflowStep[], more: Values = {}): Values => ({
    name,
    if: condition,
    "runs-on": stationmaster ? ["self-hosted", "stationmaster"] : RUNNER,
    "timeout-minutes": 30,
    ...more,
    ...(stationmaster ? { env: { STATIONMASTER_STATE: "${{ vars.STATIONMASTER_STATE }}" } } : {}),
    steps: [
      ...checkout(plan.pins),
      ...(stationmaster ? toolSteps(plan) : []),
      ...prepare.map((item) => step(item.name, item.script)),
      ...steps,
    ],
  });
  const own = "github.event.pull_request.head.repo.full_name == github.repository";
  const jobs: Values = {
    open: job(
      "Preview",
      `github.event_name == 'pull_request' && github.event.action != 'closed' && ${own}`,
      [
        step("Bring it up", open),
        step(
          "Say where it is",
          'gh pr comment "$NUMBER" --edit-last --create-if-none --body "Preview of ${RELEASE:0:7}: $(cat "$WORK/url")"',
          { ...event, ...TOKEN },
        ),
      ],
      {
        environment: { name: "preview" },
        permissions: { contents: "read", "pull-requests": "write" },
      },
    ),
    ...(close
      ? {
          close: job(
            "Close the preview",
            `github.event_name == 'pull_request' && github.event.action == 'closed' && ${own}`,
            [step("Let it expire", close)],
            { environment: { name: "preview" } },
          ),
        }
      : {}),
    remove: job(
      "Remove old previews",
      "github.event_name == 'schedule'",
      [step("Remove what was closed a week ago", removal(remove), TOKEN)],
      {
        environment: { name: "preview" },
        permissions: { contents: "read", "pull-requests": "read" },
      },
    ),
  };
  const workflow = {
    name: "preview",
    on: {
      pull_request: { types: ["opened", "synchronize", "reopened", "closed"] },
      schedule: [{ cron: "43 3 * * *" }],
    },
    permissions: { contents: "read" },
    // A newer commit takes over from an older one; what closes and removes waits for what is under way.
    concurrency: {
      group: "preview-${{ github.event.number || 'remove' }}",
      "cancel-in-progress": "${{ github.event.action == 'synchronize' }}",
    },
    defaults: BASH,
    jobs,
  };
  return [
    {
      path: ".github/workflows/preview.yml",
      text: workflowText(workflow, {
        about: "A preview for each pull request, removed a week after it is closed.",
        pins: plan.pins,
      }),
      ownership: "managed",
      why: "a preview with its own address for each pull request",
      ...(notes(needs, preview.notes).length > 0 ? { notes: notes(needs, preview.notes) } : {}),
    },
  ];
}

function notes(needs: readonly Needed[], more: readonly string[]): string[] {
  const set = needs.map(({ name, secret, what }) => `${secret ? "secret" : "variable"} ${name} (${what})`);
  return [...(set.length > 0 ? [`set in the environment preview of GitHub: ${set.join("; ")}`] : []), ...more];
}

/** Runs `remove` with NUMBER for each pull request that was closed a week ago, and again for a month in case it failed. */
function removal(remove: string): string {
  return `begin=$(date --utc --date '37 days ago' +%Y-%m-%dT%H:%M:%SZ)
end=$(date --utc --date '7 days ago' +%Y-%m-%dT%H:%M:%SZ)
gh api --paginate "repos/$GITHUB_REPOSITORY/pulls?state=closed&sort=updated&direction=desc&per_page=100" \\
  --jq '.[] | [.number, .closed_at] | @tsv' | head --lines 500 > "$WORK/closed" || true
while read -r NUMBER closed; do
  if [[ $closed < $begin || $closed > $end ]]; then continue; fi
${remove.replace(/^/gm, "  ")}
done < "$WORK/closed"`;
}
