import { expect, test } from "vitest";
import { applicationName, insidePlace, reachableAddress, withDatabase, withPlace } from "./database.ts";

test.each([
  ["postgres://u:p@db.example.com:5432/app", "postgres://u:p@db.example.com:5432/app"],
  ["postgresql+psycopg://u@10.0.0.7/app?sslmode=require", "postgres://u@10.0.0.7/app?sslmode=require"],
  ["postgres://u@[2001:db8::7]:5432/app", "postgres://u@[2001:db8::7]:5432/app"],
  ["postgres://u@db:5432/app", undefined],
  ["postgres://localhost/app", undefined],
  ["postgres://u:p@127.0.0.1:5432/app", undefined],
  ["postgres://u@[::1]/app", undefined],
  ["postgres://u@/app?host=%2Frun", undefined],
  ["mysql://u@db.example.com/app", undefined],
  [undefined, undefined],
])("from another machine %s is reached as %s", (address, expected) => {
  expect(reachableAddress(address, true)).toBe(expected);
});

test("on the machine itself every address of PostgreSQL leads there", () => {
  expect(reachableAddress("postgres://localhost/app", false)).toBe("postgres://localhost/app");
  expect(reachableAddress("postgresql://u@/app?host=%2Frun", false)).toBe("postgres://u@/app?host=%2Frun");
  expect(reachableAddress("mysql://localhost/app", false)).toBeUndefined();
});

test.each([
  [
    "postgres://u:p%40@db:5433/app?sslmode=disable",
    { host: "db", port: 5433 },
    "postgres://u:p%40@10.0.0.2:1/app?sslmode=disable",
  ],
  ["postgresql+asyncpg://u@db/app", { host: "db", port: 5432 }, "postgres://u@10.0.0.2:1/app"],
  ["postgres://db", { host: "db", port: 5432 }, "postgres://10.0.0.2:1"],
  ["postgres://localhost/app", undefined, "postgres://10.0.0.2:1/app"],
  ["postgres://u@db.example.com/app", undefined, "postgres://u@10.0.0.2:1/app"],
  ["postgres://u@/app?host=%2Frun", undefined, "postgres://u@10.0.0.2:1/app?host=%2Frun"],
  ["mysql://db/app", undefined, undefined],
])("%s names %j of its own network, and elsewhere is %s", (address, place, there) => {
  expect(insidePlace(address)).toEqual(place);
  expect(withPlace(address, { host: "10.0.0.2", port: 1 })).toBe(there);
});

test("another database on the same server", () => {
  expect(withDatabase("postgres://u:p%40@h:1/app?x=/y", "z")).toBe("postgres://u:p%40@h:1/z?x=/y");
  expect(withDatabase("postgres://u@/app?host=%2Frun", "z")).toBe("postgres://u@/z?host=%2Frun");
  expect(withDatabase("postgres://h", "z")).toBe("postgres://h/z");
});

test("sessions have a name that PostgreSQL keeps whole", () => {
  expect(applicationName({ app: "shop", env: "pr-7" })).toBe("stationmaster migrate shop/pr-7");
  expect(applicationName({ app: "ü".repeat(80), env: "x" })).toHaveLength(63);
});
