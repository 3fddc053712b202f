import type { Pins } from "../../pins.ts";
import type { PlannedStore } from "../../plan.ts";
import { STORE_PASSWORD_REFERENCE, storeRecipe } from "../../store-images.ts";
import type { storePart } from "../../store-parts.ts";

type Told = NonNullable<ReturnType<typeof storePart>>;

const USER = "app";
const DATABASE = "app";

/** What a variable gets that tells a part of a store which runs beside the services; undefined for one that is rented. */
export function partValue({ store, part }: Told, pins: Pins): string | undefined {
  const port = storeRecipe(store, pins)?.recipe.port;
  return port === undefined ? undefined : VALUES[part](store, port);
}

const VALUES: Record<Told["part"], (store: PlannedStore, port: number) => string> = {
  host: ({ name }) => name,
  port: (_, port) => String(port),
  user: () => USER,
  password: () => STORE_PASSWORD_REFERENCE,
  database: () => DATABASE,
  jdbc: ({ name, kind }, port) =>
    `jdbc:${kind === "postgres" ? "postgresql" : kind}://${name}:${port}/${DATABASE}?user=${USER}&password=${STORE_PASSWORD_REFERENCE}`,
  settings({ name, kind }, port) {
    if (kind === "redis") return `${name}:${port}`;
    const [host, user] = kind === "postgres" ? ["Host", "Username"] : ["Server", "User"];
    return `${host}=${name};Port=${port};Database=${DATABASE};${user}=${USER};Password=${STORE_PASSWORD_REFERENCE}`;
  },
};
