import { composeSchema } from "./compose.ts";
import { dockerfileSyntax } from "./dockerfile-syntax.ts";
import { dockerfileWorks } from "./dockerfile-works.ts";
import { actionlint } from "./github-actions.ts";
import { gitlabSchema } from "./gitlab.ts";
import { grafanaSchema } from "./grafana.ts";
import { jenkinsfile } from "./jenkins.ts";
import { kubernetesSchema } from "./kubernetes.ts";
import { promql } from "./promql.ts";
import { railwaySchema } from "./railway.ts";
import { hcl } from "./terraform.ts";
import type { Validator } from "./validator.ts";
import { vercelSchema } from "./vercel.ts";

/** Judges that run in this process, offline. */
export const VALIDATORS: readonly Validator[] = [
  dockerfileSyntax,
  dockerfileWorks,
  composeSchema,
  actionlint,
  gitlabSchema,
  jenkinsfile,
  kubernetesSchema,
  hcl,
  promql,
  railwaySchema,
  vercelSchema,
  grafanaSchema,
];
