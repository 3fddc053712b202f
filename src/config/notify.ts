import { z } from "zod";
import { parseHours } from "../core/work-hours.ts";
import { Duration, HostPort, Name } from "./fields.ts";

const secretText = (what: string) => z.string().describe(`${what}; mostly \`\${secret:NAME}\``);
const HookSecret = secretText("what the pager's webhook proves itself with, so that an acknowledgement there counts");

const Slack = z.strictObject({
  kind: z.literal("slack").describe("Slack: with a bot token one thread an incident, with a webhook single messages"),
  webhook: secretText("address of an incoming webhook").optional(),
  token: secretText("token of a bot with the scope `chat:write`").optional(),
  channel: z.string().optional().describe("id of the channel the bot writes to, such as `C024BE91L`"),
  api: z.url().default("https://slack.com/api").describe("address of the Slack API"),
});

const Email = z.strictObject({
  kind: z.literal("email").describe("mail over SMTP, one thread an incident"),
  server: HostPort.describe("the mail server, such as `mail.example.com:587`"),
  tls: z
    .enum(["starttls", "implicit", "none"])
    .default("starttls")
    .describe("`starttls` is refused by a server without it, `implicit` is TLS from the first byte (port 465)"),
  ca: z.string().optional().describe("certificate (PEM) of the authority to trust; those of the system otherwise"),
  user: z.string().optional().describe("account at the server"),
  password: secretText("its password").optional(),
  from: z.string().min(3).describe("address of the sender"),
  to: z.array(z.string().min(3)).min(1).describe("addresses of the readers"),
});

/** One way to reach people or programs. */
export const Channel = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("console").describe("lines on the terminal of the daemon") }),
    z.strictObject({
      kind: z.literal("webhook").describe("JSON by POST"),
      url: z.string().describe("where to; `${secret:NAME}` is replaced"),
      secret: z.string().optional().describe("key of the HMAC-SHA256 signature"),
    }),
    Slack,
    z.strictObject({
      kind: z.literal("discord").describe("Discord: one message an incident, edited as it goes on"),
      webhook: secretText("address of the webhook"),
    }),
    z.strictObject({
      kind: z.literal("pagerduty").describe("PagerDuty: Events API v2"),
      key: secretText("integration key of the service (Events API v2)"),
      url: z.url().default("https://events.pagerduty.com/v2/enqueue").describe("address of the API"),
      webhook_secret: HookSecret.optional(),
    }),
    z.strictObject({
      kind: z.literal("opsgenie").describe("Opsgenie, or what offers its alert API"),
      url: z.string().describe("address of the API, such as `https://api.eu.opsgenie.com`"),
      key: secretText("API key of the integration"),
      webhook_secret: HookSecret.optional(),
    }),
    Email,
  ])
  .superRefine((channel, context) => {
    if (channel.kind !== "slack") return;
    const asBot = channel.token !== undefined && channel.channel !== undefined;
    const isBot = channel.token !== undefined || channel.channel !== undefined;
    if (asBot !== isBot || asBot === (channel.webhook !== undefined))
      context.addIssue({ code: "custom", message: "slack needs either `webhook`, or `token` and `channel`" });
  });
export type ChannelConfig = z.infer<typeof Channel>;

const Level = z.strictObject({
  to: z.array(Name).min(1).describe("channels"),
  after: Duration.prefault("0s").describe("time after the first call; left out: at once"),
});
const Policy = z.strictObject({
  levels: z
    .array(Level)
    .min(1)
    .refine((levels) => levels[0]?.after === 0, "the first level is called at once: leave out its `after`")
    .refine(
      (levels) => levels.every(({ after }, index) => index === 0 || after > (levels[index - 1]?.after ?? 0)),
      "each level comes later than the one before it",
    )
    .describe("who is called, one after the other, until somebody acknowledges"),
  hours: z
    .string()
    .refine((text) => parseHours(text) !== undefined, "hours such as `Mon-Fri 09:00-18:00 Europe/Paris`")
    .optional()
    .describe("hours in which services that are not critical call anybody, such as `Mon-Fri 09:00-18:00 Europe/Paris`"),
});

/** Who is called, per severity: a list of channels, or levels. */
export const Escalation = z.partialRecord(
  z.enum(["SEV1", "SEV2", "SEV3"]),
  z.union([
    z
      .array(Name)
      .transform((to): z.input<typeof Policy> => ({ levels: to.length > 0 ? [{ to }] : [] }))
      .pipe(z.strictObject({ ...Policy.shape, levels: z.array(Level) })),
    Policy,
  ]),
);
export type EscalationConfig = z.infer<typeof Escalation>;
