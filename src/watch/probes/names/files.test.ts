import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { completed, contentOf, readCompletion, readHosts } from "./files.ts";

test("a hosts file: comments, several names of an address, several addresses of a name, capitals", () => {
  const hosts = readHosts("# ours\n127.0.0.1 localhost vm # this\n::1\tlocalhost\n\n192.0.2.7  Api\nnonsense api\n");
  expect(hosts.get("localhost")).toEqual([
    { address: "127.0.0.1", family: 4 },
    { address: "::1", family: 6 },
  ]);
  expect(hosts.get("api")).toEqual([{ address: "192.0.2.7", family: 4 }]);
  expect([...hosts.keys()]).toEqual(["localhost", "vm", "api"]);
});

test("names are completed as resolv.conf says: in a cluster, in a container, and without it", () => {
  const cluster = readCompletion(
    "nameserver 10.0.0.10\nsearch shop.svc.cluster.local svc.cluster.local\noptions timeout:1 ndots:5\n",
  );
  expect(completed("db", cluster)).toEqual(["db.shop.svc.cluster.local", "db.svc.cluster.local", "db"]);
  expect(completed("api.dev", cluster).at(-1)).toBe("api.dev");
  expect(completed("api.dev.", cluster)).toEqual(["api.dev."]);
  const office = readCompletion("domain old.example.com\nsearch example.com\n");
  expect(completed("api", office)).toEqual(["api.example.com", "api"]);
  expect(completed("api.dev", office)).toEqual(["api.dev", "api.dev.example.com"]);
  expect(completed("db", readCompletion("nameserver 127.0.0.11\noptions edns0 ndots:0\n"))).toEqual(["db"]);
  expect(completed("db", readCompletion(""))).toEqual(["db"]);
});

test("a file is read again when it has changed, and may be missing", () => {
  const folder = mkdtempSync(join(tmpdir(), "stationmaster-names-"));
  const file = join(folder, "hosts");
  const content = contentOf(file, (text) => text);
  expect(content()).toBe("");
  writeFileSync(file, "one");
  expect(content()).toBe("one");
  writeFileSync(file, "two");
  utimesSync(file, new Date(), new Date(Date.now() + 5_000));
  expect(content()).toBe("two");
  const { atime, mtime } = statSync(file);
  writeFileSync(file, "");
  utimesSync(file, atime, mtime);
  expect(content()).toBe("");
  rmSync(folder, { recursive: true });
  expect(content()).toBe("");
});
