import { z } from "zod";

const Labels = z.record(z.string(), z.string());

/** One alert of a notification; `endsAt` lies in the past, or at the zero of time, while nobody knows when it ends. */
export const ReceivedAlert = z.object({
  status: z.enum(["firing", "resolved"]),
  labels: Labels,
  annotations: Labels.default({}),
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.iso.datetime({ offset: true }),
  fingerprint: z.string().regex(/^[0-9A-Za-z]{1,64}$/, "letters and digits"),
});
export type ReceivedAlert = z.infer<typeof ReceivedAlert>;

/** What Alertmanager's webhook receiver sends, version 4; what else is in it is not looked at. */
export const AlertNotification = z.object({
  version: z.literal("4"),
  status: z.enum(["firing", "resolved"]),
  alerts: z.array(ReceivedAlert),
});
export type AlertNotification = z.infer<typeof AlertNotification>;
