import type { GeneratedFile, Kind } from "../../kind.ts";
import { previewOf } from "../../pipeline/preview.ts";
import { deliveryOf } from "../../pipeline/targets/registry.ts";
import type { Plan } from "../../plan.ts";
import { CI_PATH, ciWorkflow } from "./ci.ts";
import { productionWorkflow, stagingWorkflow } from "./deploy.ts";
import { previewWorkflow } from "./preview.ts";
import { securityWorkflow } from "./security.ts";

/** Pipelines of GitHub: checks, staging, production, previews, scans. */
export const githubActions: Kind = {
  id: "github-actions",
  title: "GitHub Actions",
  wanted: ({ ci }) => ci === "github-actions",
  render(plan) {
    if (plan.services.length === 0) return [];
    const other = otherChecks(plan);
    // Empty where the target runs nothing of this: the notes say so.
    const { steps, notes } = deliveryOf(plan, "staging");
    const deploys = steps.length > 0 ? [stagingWorkflow(plan), productionWorkflow(plan)] : [];
    const preview = previewOf(plan);
    const more = [
      ...(other === undefined ? [] : [`${other} runs the tests already: no ${CI_PATH} beside it`]),
      ...(preview.kind === "none" ? [preview.why] : []),
      ...(deploys.length > 0 ? [] : notes),
    ];
    const checks = other === undefined ? ciWorkflow(plan) : undefined;
    const files: GeneratedFile[] = [
      ...(checks ? [checks] : []),
      ...deploys,
      ...previewWorkflow(plan),
      securityWorkflow(plan),
    ];
    const [first, ...others] = files;
    return first ? [{ ...first, notes: [...more, ...(first.notes ?? [])] }, ...others] : [];
  },
};

/** A workflow of the repository under another name that runs the tests. */
function otherChecks({ tree }: Plan): string | undefined {
  if (tree.has(CI_PATH)) return undefined;
  const ours = /\/(?:deploy-(?:staging|production)|preview|security-scan)\.yml$/;
  return tree.paths.find((path) => {
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path) || ours.test(path)) return false;
    const text = tree.text(path) ?? "";
    return /^\s*["']?(?:on|true)["']?\s*:[\s\S]*\b(?:pull_request|push)\b/m.test(text) && TESTS.test(text);
  });
}

const TESTS =
  /\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?(?:test|ci:test|test:ci)\b|\bpytest\b|\btox\b|\bgo test\b|\bcargo (?:test|nextest)\b|\bmvnw?\b.*\b(?:test|verify)\b|\bgradlew?\b.*\b(?:test|check|build)\b|\brspec\b|\brails test\b|\bphpunit\b|\bcomposer (?:run )?test\b|\bartisan test\b|\bdotnet test\b|\bmix test\b|\bmake (?:test|check)\b/;
