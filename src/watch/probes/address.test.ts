import { expect, test } from "vitest";
import { isPublicAddress, parseAddress } from "./address.ts";

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.31.255.255",
  "192.168.0.1",
  "169.254.169.254",
  "100.100.0.1",
  "0.0.0.0",
  "255.255.255.255",
  "::1",
  "::",
  "::ffff:10.0.0.1",
  "fd00::1",
  "fe80::1%eth0",
  "64:ff9b::a00:1",
  "localhost",
])("%s is not of the public internet", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1"])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test("host:port", () => {
  expect(parseAddress("db.internal:5432")).toEqual({ host: "db.internal", port: 5432 });
  expect(parseAddress("[::1]:53")).toEqual({ host: "::1", port: 53 });
  for (const wrong of ["db", ":1", "a:0", "a:70000", "::1:53"]) expect(parseAddress(wrong)).toBeUndefined();
});
