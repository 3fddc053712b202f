import type { UseCases } from "../daemon/usecases.ts";

/** Most names that are offered at once. */
const MOST = 200;
/** A shell expands what it is offered: a name with anything else in it, a command for instance, is typed by hand. */
const HARMLESS = /^[\w./:@-]+$/;

type Asked = Pick<UseCases, "incidents" | "findChecks" | "status" | "silences" | "calling">;

const NAMES = {
  incidents: async ({ incidents }: Asked) => (await incidents({ state: "all", limit: MOST })).map(({ id }) => id),
  checks: async ({ findChecks }: Asked, text: string) =>
    (await findChecks({ sort: "id", limit: MOST, ...(text && { text }) })).checks.map(({ id }) => id),
  services: async ({ status }: Asked) => (await status()).services.map(({ name }) => name),
  silences: async ({ silences }: Asked) => (await silences()).map(({ id }) => id),
  channels: async ({ calling }: Asked) => (await calling()).channels.map(({ name }) => name),
} satisfies Record<string, (usecases: Asked, text: string) => Promise<string[]>>;

export type NameKind = keyof typeof NAMES;

/** What there is of a kind, begins with `text` and means itself to a shell; undefined for a kind that is not known. */
export async function knownNames(usecases: Asked, kind: string, text: string): Promise<string[] | undefined> {
  if (!isKind(kind)) return undefined;
  const names = await NAMES[kind](usecases, text);
  return names.filter((name) => name.startsWith(text) && HARMLESS.test(name));
}

function isKind(kind: string): kind is NameKind {
  return Object.hasOwn(NAMES, kind);
}
