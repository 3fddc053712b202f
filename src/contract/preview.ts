import { z } from "zod";

/** A copy of an environment for one pull request or branch; times are ISO 8601 in UTC. */
export const Preview = z.object({
  /** Name of its environment, such as `pr-7`. */
  name: z.string(),
  /** `closed`: its pull request is closed or its branch gone; it runs until nobody uses it or it expires. */
  state: z.enum(["running", "asleep", "closed", "removed"]),
  /** Whether it is what it should be; else work is under way, or `reason` says why not. */
  ready: z.boolean(),
  reason: z.string().nullable(),
  url: z.string().nullable(),
  /** A branch, or a whole ref such as `refs/pull/7/head`. */
  ref: z.string(),
  commit: z.string().nullable(),
  fork: z.boolean(),
  host: z.string(),
  createdAt: z.iso.datetime(),
  /** When it was last asked something, deployed or woken. */
  usedAt: z.iso.datetime(),
  /** When it is removed; null while it is open. */
  expiresAt: z.iso.datetime().nullable(),
});
export type Preview = z.infer<typeof Preview>;

/** Without `pr` the preview is named after the ref. */
export const PreviewRequest = z.strictObject({
  /** A branch, or a whole ref such as `refs/pull/7/head`. */
  ref: z
    .string()
    .regex(/^(?!-)[^\s~^:?*[\\]+$/, "a branch, or a ref such as refs/pull/7/head")
    .max(200),
  pr: z.int().min(1).optional(),
  /** It comes from somebody who may not write to the repository: it gets no secrets. */
  fork: z.boolean().default(false),
});
export type PreviewRequest = z.input<typeof PreviewRequest>;
