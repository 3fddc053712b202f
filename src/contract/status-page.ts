import { z } from "zod";

/** `unknown`: nobody could look, or what is known is stale. It is never shown as well. */
export const PublicState = z.enum(["operational", "degraded", "outage", "unknown"]);
export type PublicState = z.infer<typeof PublicState>;

/** One day (UTC) of a service. `uptime` is a share of 1; null where nothing is known. */
export const PublicDay = z.object({ day: z.iso.date(), state: PublicState, uptime: z.number().nullable() });
export type PublicDay = z.infer<typeof PublicDay>;

export const PublicService = z.object({
  name: z.string(),
  state: PublicState,
  /** The last look is older than two intervals. */
  stale: z.boolean(),
  uptime90d: z.number().nullable(),
  /** 90 days, oldest first. */
  days: z.array(PublicDay),
});
export type PublicService = z.infer<typeof PublicService>;

export const PublicIncident = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(["investigating", "watching", "resolved"]),
  /** Names of the services of the page that it is about. */
  services: z.array(z.string()),
  startedAt: z.iso.datetime(),
  resolvedAt: z.iso.datetime().nullable(),
  /** Newest first. */
  updates: z.array(z.object({ at: z.iso.datetime(), text: z.string() })),
});
export type PublicIncident = z.infer<typeof PublicIncident>;

/** What the public may know: no names, addresses or messages from inside. */
export const StatusPage = z.object({
  title: z.string(),
  /** Address of the page; null where the manifest names none. */
  url: z.string().nullable(),
  generatedAt: z.iso.datetime(),
  state: PublicState,
  services: z.array(PublicService),
  /** Open ones, and those of the last 90 days; newest first. */
  incidents: z.array(PublicIncident),
});
export type StatusPage = z.infer<typeof StatusPage>;

/** What was published about an incident, as it is shown. */
export const PublicNote = z.object({ id: z.string(), at: z.iso.datetime(), text: z.string() });
export type PublicNote = z.infer<typeof PublicNote>;

export const PublishRequest = z.strictObject({ text: z.string().trim().min(1).max(2_000) });
export type PublishRequest = z.infer<typeof PublishRequest>;
