import { z } from "zod";
import { Name } from "./fields.ts";

const SeverityName = z.enum(["SEV1", "SEV2", "SEV3"]);

/** `owner/name`. */
const ON_GITHUB = /^[\w.-]+\/[\w.-]+$/;

export const GitHubSchema = z.strictObject({
  token: z
    .string()
    .min(1)
    .describe("token with write access to the issues of `repository`; mostly `${secret:GITHUB_TOKEN}`"),
  api: z.url().default("https://api.github.com").describe("address of the REST API"),
  login: z
    .string()
    .min(1)
    .optional()
    .describe("account of the token, such as `my-app[bot]`; needed where the token may not ask for it"),
  issues: z
    .strictObject({
      severities: z.array(SeverityName).default(["SEV1", "SEV2", "SEV3"]).describe("incidents that get an issue"),
      environments: z.array(Name).optional().describe("environments that get issues; left out: all"),
      assignees: z
        .array(z.string().min(1))
        .max(10)
        .default([])
        .describe("accounts the issues of incidents are assigned to"),
      audit: z.boolean().default(true).describe("whether the weekly audit becomes an issue too"),
      dispatch: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe("event of `repository_dispatch` that calls a code agent, once for each incident of SEV1 and SEV2"),
    })
    .optional()
    .describe("an issue for each incident, for each action item and for the last weekly audit; left out: none"),
});
export type GitHubConfig = z.infer<typeof GitHubSchema>;

/** The repository on GitHub; undefined where the manifest names none or one elsewhere. */
export function gitHubRepository({ repository }: { repository?: string | undefined }): string | undefined {
  return repository !== undefined && ON_GITHUB.test(repository) ? repository : undefined;
}
