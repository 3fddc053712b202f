import type { Stage } from "../../pipeline/release.ts";

/** What a workflow does, where images go from stage to stage, and where the target builds commits itself. */
export const WORDS: Record<"images" | "commits", Record<Stage, { about: string; why: string }>> = {
  images: {
    staging: {
      about: "Builds each image once and deploys it to staging.",
      why: "one build for each commit of the main branch, deployed by digest",
    },
    production: {
      about: "Brings to production what passed staging, never a new build.",
      why: "promotion of the tested digest, smoke test, way back",
    },
  },
  commits: {
    staging: {
      about: "Deploys each commit of the main branch to staging, which builds it.",
      why: "each commit of the main branch, built and deployed for staging",
    },
    production: {
      about: "Deploys to production a commit that passed staging; it is built again for production.",
      why: "a commit that passed staging, built again for production, smoke test, way back",
    },
  },
};

/** Without images to find in a registry, GitHub knows which commits the other workflow brought to staging. */
export const PASSED = `runs="repos/$GITHUB_REPOSITORY/actions/workflows/deploy-staging.yml/runs?head_sha=$GITHUB_SHA&status=success"
passed=$(gh api "$runs" --jq .total_count)
if [ "$passed" -eq 0 ]; then
  echo "::error::commit $GITHUB_SHA has not passed staging: deploy it there first" >&2
  exit 1
fi`;
