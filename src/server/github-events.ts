import { z } from "zod";

/** Of the payloads only what decides; https://docs.github.com/webhooks/webhook-events-and-payloads */
const PullRequest = z.object({ action: z.string() });
const Push = z.object({ ref: z.string() });
const Delete = z.object({ ref_type: z.string() });

const MOVES: readonly string[] = ["opened", "synchronize", "reopened", "closed"];

/** Whether an event of GitHub may change which previews there are, or their commits. Throws ZodError for a payload of another form. */
export function concernsPreviews(event: string | undefined, payload: unknown): boolean {
  if (event === "pull_request") return MOVES.includes(PullRequest.parse(payload).action);
  if (event === "push") return Push.parse(payload).ref.startsWith("refs/heads/");
  if (event === "delete") return Delete.parse(payload).ref_type === "branch";
  return false;
}
