// Apart from the schemas: loading those would hold up every --help.

/** Families of files that `generate` writes; the ids of the command line, the manifest and the documents. */
export const GENERATE_KINDS = [
  ...(["dockerfile", "compose", "railway", "vercel", "kubernetes", "helm", "terraform"] as const),
  ...(["github-actions", "gitlab", "jenkins", "prometheus", "grafana", "datadog"] as const),
  ...(["otel", "logging", "health", "env-example", "runbooks", "updates"] as const),
] as const;

/** Platforms that files are written for. */
export const GENERATE_TARGETS = ["compose", "railway", "vercel", "kubernetes", "aws", "gcp", "azure"] as const;
