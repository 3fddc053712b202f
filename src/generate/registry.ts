import type { Kind } from "./kind.ts";
import { compose } from "./kinds/compose/kind.ts";
import { datadog } from "./kinds/datadog/kind.ts";
import { dockerfile } from "./kinds/dockerfile/kind.ts";
import { envExample } from "./kinds/env-example/kind.ts";
import { githubActions } from "./kinds/github-actions/kind.ts";
import { gitlab } from "./kinds/gitlab/kind.ts";
import { grafana } from "./kinds/grafana/kind.ts";
import { health } from "./kinds/health/kind.ts";
import { helm } from "./kinds/helm/kind.ts";
import { jenkins } from "./kinds/jenkins/kind.ts";
import { kubernetes } from "./kinds/kubernetes/kind.ts";
import { logging } from "./kinds/logging/kind.ts";
import { otel } from "./kinds/otel/kind.ts";
import { prometheus } from "./kinds/prometheus/kind.ts";
import { railway } from "./kinds/railway/kind.ts";
import { runbooks } from "./kinds/runbooks/kind.ts";
import { terraform } from "./kinds/terraform/kind.ts";
import { updates } from "./kinds/updates/kind.ts";
import { vercel } from "./kinds/vercel/kind.ts";

/** All kinds of files, in the order they are shown. */
export const KINDS: readonly Kind[] = [
  dockerfile,
  compose,
  railway,
  vercel,
  kubernetes,
  helm,
  terraform,
  githubActions,
  gitlab,
  jenkins,
  runbooks,
  prometheus,
  grafana,
  datadog,
  otel,
  logging,
  health,
  updates,
  envExample,
];
