import { expect, test } from "vitest";
import type { ReleasedService } from "../../store/tables/release.ts";
import { specOf } from "./docker/testing.ts";
import type { Listen } from "./recorded.ts";
import { usesOf } from "./uses.ts";

const IMAGE = `ghcr.io/acme/web@sha256:${"0123456789abcdef".repeat(4)}`;
const yaml = 'services: { web: { image: web, expose: [8080], ports: ["53:53/udp"] } }';

function uses(kind: "http" | "worker", listen: Listen[]): string[] {
  const spec = { ...specOf(yaml, { kind }), port: kind === "http" ? 8080 : null };
  const recorded = { spec, image: IMAGE, build: null, listen, project: "shop" };
  return usesOf({ kind, recorded } as Partial<ReleasedService> as ReleasedService);
}

test("image, ports and where users call it", () => {
  const tls = { port: 443, bind: "0.0.0.0", domain: "shop.example.com", tls: "/etc/shop.pem" };
  expect(uses("http", [tls])).toEqual([
    "image ghcr.io/acme/web@sha256:0123456789ab",
    "port 8080 in its container",
    "https on port 443 of each host for shop.example.com",
    "53/udp past the proxy, to 53",
  ]);
  expect(uses("http", [{ port: 30_100, bind: "127.0.0.1" }])[2]).toBe("http on 127.0.0.1:30100 of each host");
  expect(uses("worker", [])[0]).toBe("image ghcr.io/acme/web@sha256:0123456789ab");
});
