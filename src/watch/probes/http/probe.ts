import { z } from "zod";
import type { Expect } from "../../../config/checks.ts";
import { DEFAULT_EXPECT, evaluate, statusMatches } from "../expect.ts";
import type { Probe } from "../probe.ts";
import { ask } from "./request.ts";

const Options = z.object({
  url: z.string(),
  method: z.string().default("GET"),
  headers: z.record(z.string(), z.string()).default({}),
  json: z.unknown().optional(),
  body: z.string().optional(),
  expect: z.custom<Expect>().default(DEFAULT_EXPECT),
});

/** One HTTP request, then assertions. */
export const httpProbe: Probe<z.infer<typeof Options>> = {
  id: "http",
  Options,
  sideEffects: false,
  run: async ({ expect, ...request }, context) => {
    const asked = await ask({ ...request, isAnswer: (status) => statusMatches(status, expect.status) }, context);
    if ("failure" in asked) return { ...asked, body: null };
    return { failure: evaluate(expect, asked.answer), phases: asked.answer.phases, body: asked.answer.text };
  },
};
