import { z } from "zod";
import { Name } from "./fields.ts";

export const StatusPageSchema = z.strictObject({
  title: z.string().min(1).max(80).default("Service status").describe("title of the page"),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("address of the page, for the links of its feed"),
  services: z
    .record(Name, z.string().min(1).max(80))
    .refine((services) => Object.keys(services).length > 0, "at least one service")
    .describe("service, or check under `checks`, → the name the public knows it by; nothing else is shown"),
  export: z
    .string()
    .min(1)
    .optional()
    .describe("folder, relative to the manifest, the page is written to every minute, for another web server"),
});
export type StatusPageConfig = z.infer<typeof StatusPageSchema>;
