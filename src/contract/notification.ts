import { z } from "zod";
import { Severity } from "./severity.ts";

/** skipped: nobody needed to hear of it any more. */
export const NotificationState = z.enum(["pending", "delivered", "dead", "skipped"]);
export type NotificationState = z.infer<typeof NotificationState>;

/** One message to one channel: who was told what, when, and whether it got there. */
export const Notification = z.object({
  id: z.number().int(),
  /** The incident, or the notice. */
  incident: z.string(),
  /** What it is about: a service, or a part of the environment. */
  service: z.string(),
  event: z.number().int(),
  kind: z.string(),
  severity: Severity,
  channel: z.string(),
  text: z.string(),
  state: NotificationState,
  createdAt: z.iso.datetime(),
  /** When it is tried next, while it is pending. */
  nextAt: z.iso.datetime().nullable(),
  deliveredAt: z.iso.datetime().nullable(),
  attempts: z.number().int(),
  /** Why the last attempt failed, or why it was skipped. */
  error: z.string().nullable(),
  /** The message it was told with, where several went out as one. */
  toldWith: z.number().int().nullable(),
});
export type Notification = z.infer<typeof Notification>;

/** What became of a test message. */
export const ChannelTest = z.object({
  channel: z.string(),
  accepted: z.boolean(),
  ms: z.number(),
  error: z.string().nullable(),
});
export type ChannelTest = z.infer<typeof ChannelTest>;

/** How channels do, and who is called when. */
export const Calling = z.object({
  channels: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      /** Messages so far, by what became of them. */
      delivered: z.number().int(),
      dead: z.number().int(),
      skipped: z.number().int(),
      /** Messages that are not delivered yet. */
      waiting: z.number().int(),
      lastSuccessAt: z.iso.datetime().nullable(),
      /** The error of what is tried again, was given up after the last success, or of a test since; none after a test that was accepted. */
      lastError: z.string().nullable(),
      lastTest: z.object({ at: z.iso.datetime(), accepted: z.boolean() }).nullable(),
      /** Since when the oldest message waits that could have been sent. */
      oldestWaitingAt: z.iso.datetime().nullable(),
    }),
  ),
  escalation: z.array(
    z.object({
      severity: Severity,
      /** Who is called, one level after the other, until somebody acknowledges; `afterMs` counts from the first call. */
      levels: z.array(z.object({ to: z.array(z.string()), afterMs: z.number() })),
      /** The hours in which what is not critical calls anybody; null: at any time. */
      hours: z.string().nullable(),
    }),
  ),
});
export type Calling = z.infer<typeof Calling>;

export const NotifyTestRequest = z.object({ channel: z.string().optional() });
export type NotifyTestRequest = z.infer<typeof NotifyTestRequest>;
