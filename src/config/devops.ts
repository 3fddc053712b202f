import { z } from "zod";
import { Duration } from "./fields.ts";

/** The DevOps API of the application: what operators may ask and clean up, behind a secret. */
export const DevOpsSchema = z.strictObject({
  url: z
    .string()
    .min(1)
    .describe(
      "where the API is, without `/api/devops`: such as `${service:api}`, which is another address in each environment",
    ),
  secret: z.string().min(1).describe("sent as the header `X-DevOps-Secret`; `${secret:NAME}` is replaced"),
  clear_every: Duration.prefault("1h").describe(
    "after runs of sign-in checks stale sessions are cleared, at most this often",
  ),
});
