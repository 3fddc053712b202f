import type { HclBlock, HclValue } from "../../../formats/hcl/write.ts";
import type { Plan } from "../../plan.ts";
import { variable } from "./blocks.ts";

/** Whose tokens a cloud trusts, and whom they are about; texts of templates. */
export interface Trust {
  id: string;
  name: string;
  issuer: string;
  /** The issuer without `https://`, as AWS calls it. */
  host: string;
  subject: string;
  /** What Google Cloud takes out of a token, and asks of it. */
  claims: Record<string, string>;
  condition: string;
  /** Whether the token is made for the cloud as such, and not for the one provider that reads it. */
  common: boolean;
}

/** Jobs of the repository's own pipeline, and of nobody else: by OIDC, without a stored key. */
export function trustOf(plan: Plan): Trust {
  const repository = plan.repository ?? "${var.repository}";
  const environment = "assertion.environment == '${var.environment}'";
  const own = { issuer: "${var.pipeline_issuer}", host: "${local.issuer_host}", common: true };
  const trusts: Record<Plan["ci"], Trust> = {
    "github-actions": {
      id: "github",
      name: "GitHub",
      issuer: "https://token.actions.githubusercontent.com",
      host: "token.actions.githubusercontent.com",
      subject: `repo:${repository}:environment:\${var.environment}`,
      claims: { environment: "assertion.environment", repository: "assertion.repository" },
      condition: `assertion.repository == '${repository}' && ${environment}`,
      common: false,
    },
    // Its tokens name the branch; the environment is a claim of its own, which only Google Cloud reads.
    gitlab: {
      id: "gitlab",
      name: "GitLab",
      ...own,
      subject: `project_path:${repository}:ref_type:branch:ref:${plan.defaultBranch}`,
      claims: { environment: "assertion.environment", project: "assertion.project_path" },
      condition: `assertion.project_path == '${repository}' && ${environment}`,
    },
    jenkins: {
      id: "jenkins",
      name: "Jenkins",
      ...own,
      subject: "${var.pipeline_subject}",
      claims: {},
      condition: "assertion.sub == '${var.pipeline_subject}'",
    },
  };
  return trusts[plan.ci];
}

/** What has to be said for that. */
export function trustVariables({ ci, repository }: Plan): HclBlock[] {
  const issuer = (what: string, ...value: HclValue[]) =>
    variable("pipeline_issuer", "string", what, ...value.slice(0, 1));
  const whose = (what: string) => (repository === null ? [variable("repository", "string", what)] : []);
  const variables: Record<Plan["ci"], HclBlock[]> = {
    "github-actions": whose("owner/name on GitHub whose pipeline may deploy"),
    gitlab: [
      issuer("Address of GitLab, which signs the tokens of its jobs", "https://gitlab.com"),
      ...whose("group/name on GitLab whose pipeline may deploy"),
    ],
    jenkins: [
      issuer("Issuer of the tokens that Jenkins gives its jobs, such as https://jenkins.example.com/oidc"),
      variable("pipeline_subject", "string", "Subject of the tokens of the job that may deploy"),
    ],
  };
  return variables[ci];
}
