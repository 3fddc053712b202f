import { expect, test } from "vitest";
import { plan, service, variable } from "../../testing.ts";
import { environmentOf } from "./environment.ts";

test("an address in parts is that of the store, not what samples say", () => {
  const env = [
    variable("DB_HOST", { default: "localhost" }),
    variable("DB_NAME", { default: "billing" }),
    variable("DB_PORT", { default: "3306" }),
    variable("DB_USER", { default: "billing" }),
    variable("DB_PASSWORD", { class: "secret" }),
  ];
  const db = { name: "db", kind: "mysql" as const, version: null, variables: [], extensions: [] };
  const given = plan({ services: [service("api", { env, stores: ["db"], port: null })], stores: [db] });
  const address = { kind: "mysql", host: "h", port: "1", user: "u", password: "p", name: "n", tls: true } as const;
  const [api] = given.services;
  const made = api && environmentOf(api, given, () => address);
  expect(made?.fixed.map(({ name, value }) => `${name}=${value}`)).toEqual([
    ...["DB_HOST=h", "DB_NAME=n", "DB_PORT=1", "DB_USER=u"],
  ]);
  expect(made?.secret).toEqual([{ name: "DB_PASSWORD", required: true, value: "p" }]);
  expect(made?.open).toEqual([]);
});
