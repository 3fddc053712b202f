import { z } from "zod";
import { Duration, Name } from "./fields.ts";

const AlertSeverity = z.enum(["SEV1", "SEV2", "SEV3"]);
const LabelName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a label name");

export const AlertmanagerSchema = z.strictObject({
  receive: z
    .strictObject({
      secret: z.string().min(1).describe("what the webhook receiver sends as bearer token: `${secret:NAME}`"),
      ttl: Duration.prefault("5h").describe(
        "an alert not heard of again for so long is over; longer than its `repeat_interval`",
      ),
    })
    .optional()
    .describe("alerts sent to POST /hooks/alertmanager become incidents"),
  map: z
    .strictObject({
      labels: z
        .array(LabelName)
        .min(1)
        .default(["service", "job"])
        .describe("labels that may name the service; the first that does counts"),
      services: z
        .record(z.string(), Name)
        .default({})
        .describe("value of such a label → service, where the names differ"),
      severity: z
        .record(z.string(), AlertSeverity)
        .default({ critical: "SEV1", warning: "SEV2", info: "SEV3", none: "SEV3" })
        .describe("value of the label `severity` → severity; SEV2 for any other"),
    })
    .prefault({})
    .describe("what the labels of received alerts mean"),
  send: z
    .array(z.string().min(1))
    .default([])
    .describe("addresses of Alertmanagers that get open incidents as alerts; all of a cluster"),
});
export type AlertmanagerConfig = z.infer<typeof AlertmanagerSchema>;
