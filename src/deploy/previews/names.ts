import { createHash } from "node:crypto";

/** What an environment's name may have, as the manifest's names. */
const LONGEST = 40;
const PREVIEW = /^(?:pr-[1-9]\d{0,9}|br-[a-z0-9][a-z0-9-]*)$/;
const PULL = /^refs\/pull\/([1-9]\d{0,9})\//;

/** Whether an environment of that name is a preview: these names are kept for them. */
export function isPreviewName(name: string): boolean {
  return name.length <= LONGEST && PREVIEW.test(name);
}

/** The environment of a pull request. */
export function pullName(number: number): string {
  return `pr-${number}`;
}

/**
 * The environment of a ref. A branch keeps the name it has among `known`; a name that another ref has, or that is too long,
 * ends with a hash of the ref.
 */
export function refName(ref: string, known: readonly { env: string; ref: string }[]): string {
  const [, number] = PULL.exec(ref) ?? [];
  if (number !== undefined) return pullName(Number(number));
  const own = known.find((item) => item.ref === ref && item.env.startsWith("br-"));
  if (own) return own.env;
  const hash = createHash("sha256").update(ref).digest("hex").slice(0, 6);
  const slug = slugOf(shortRef(ref));
  const plain = `br-${slug || hash}`;
  if (plain.length <= LONGEST && !known.some(({ env }) => env === plain)) return plain;
  return `br-${slug.slice(0, LONGEST - "br--".length - hash.length).replace(/-$/, "")}-${hash}`;
}

/** A ref as people write it: a branch without `refs/heads/`. */
export function shortRef(ref: string): string {
  return ref.replace(/^refs\/heads\//, "");
}

/** The ref that people mean by a name: a branch unless it says otherwise. */
export function fullRef(name: string): string {
  return name.startsWith("refs/") ? name : `refs/heads/${name}`;
}

function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
