import { z } from "zod";

export const Severity = z.enum(["SEV1", "SEV2", "SEV3"]);
export type Severity = z.infer<typeof Severity>;
