import { describe, expect, test } from "vitest";
import { ServiceSchema } from "../../../config/schema.ts";
import { loadComposeFile } from "./load.ts";
import { ContainerSpec, containerSpec, exclusiveReason } from "./spec.ts";

function spec(lines: string, manifest: object = {}, rest = ""): ContainerSpec {
  const body = lines.split("\n").map((line) => `    ${line}\n`);
  const text = `services:\n  web:\n    image: app\n${body.join("")}\n${rest}`;
  const file = loadComposeFile(text, { name: "compose.yaml", dir: "/srv", ours: ["web"], variable: () => undefined });
  return containerSpec({ name: "web", service: ServiceSchema.parse(manifest), file, project: "shop" });
}

describe("manifest and Compose file together", () => {
  test.each<[string, object, object]>([
    ["ports: ['80:3000', '81:4000']", {}, { port: 3000, route: { port: 80, bind: null }, ports: [{ target: 4000 }] }],
    ["ports: ['80:3000', '127.0.0.1:81:4000']", { port: 4000 }, { port: 4000, route: { port: 81, bind: "127.0.0.1" } }],
    ["ports: ['3000']", {}, { port: 3000, route: null, ports: [] }],
    ["ports: ['53:53/udp']\nexpose: ['3000']", {}, { port: 3000, route: null, ports: [{ target: 53 }] }],
    ["expose: [3000-3005]", {}, { port: 3000 }],
    ["user: me", {}, { port: null, route: null, ports: [] }],
    ["ports: ['80:3000']", { kind: "worker" }, { port: null, route: null, ports: [{ target: 3000 }] }],
    ["command: run it", {}, { entrypoint: null, command: ["run", "it"] }],
    ["entrypoint: /e x\ncommand: run it", { start: "node a.js" }, { entrypoint: ["node"], command: ["a.js"] }],
    ["user: me", { image: "other:1" }, { image: "other:1", build: null }],
    ["build: {context: api, target: prod}", {}, { image: null, build: { context: "api", target: "prod" } }],
    [
      "build: {target: prod}",
      { path: "svc", dockerfile: "D" },
      { build: { context: "svc", dockerfile: "D", target: "prod" } },
    ],
    ["restart: always", {}, { restart: "unless-stopped" }],
    ["restart: on-failure:3", {}, { restart: "on-failure:3" }],
    ["user: me", {}, { restart: "unless-stopped" }],
    ["deploy: {restart_policy: {condition: on-failure, max_attempts: 2}}", {}, { restart: "on-failure:2" }],
    ["stop_grace_period: 1m30s", {}, { grace_ms: 90_000 }],
    [
      "cpus: 2\ndeploy: {resources: {limits: {cpus: '0.5', memory: 50M, pids: 9}}}",
      {},
      { settings: { cpus: 0.5, mem_limit: "50M", pids_limit: 9 } },
    ],
    [
      "env_file: [a.env, {path: b.env, required: false}]",
      {},
      {
        env_files: [
          { path: "a.env", required: true },
          { path: "b.env", required: false },
        ],
      },
    ],
    [
      "volumes: ['./up:/up', 'data:/d']",
      {},
      { mounts: [{ source: "/srv/up" }, { source: "shop_data" }], volumes: [{ name: "shop_data", key: "data" }] },
    ],
    [
      "volumes: ['mine:/d']",
      {},
      { mounts: [{ source: "named" }], volumes: [{ name: "named", driver: "local", driver_opts: { o: "1" } }] },
    ],
    ["volumes: ['away:/d']", {}, { mounts: [{ source: "away" }], volumes: [{ name: "away", external: true }] }],
    [
      "secrets: [key, {source: key, target: k2}]",
      {},
      {
        mounts: [
          { source: "/srv/key.pem", target: "/run/secrets/key", read_only: true },
          { target: "/run/secrets/k2" },
        ],
      },
    ],
    [
      "configs: [{source: conf, target: /etc/c}]",
      {},
      { mounts: [{ type: "bind", source: "/etc/conf", target: "/etc/c" }] },
    ],
    ["user: me", {}, { networks: ["shop_default"] }],
    ["networks: [back, front]", {}, { networks: ["shop_back"] }],
    ["networks: [there]", {}, { networks: ["outside"] }],
  ])("%s with %j", (lines, manifest, expected) => {
    const rest = `
  db: {image: x, networks: [default, back]}
networks: {back: , front: , there: {external: true, name: outside}}
volumes: {data: , mine: {name: named, driver: local, driver_opts: {o: 1}}, away: {external: true}}
secrets: {key: {file: key.pem}}
configs: {conf: {file: /etc/conf}}`;
    const result = spec(lines, manifest, rest);
    expect(result).toMatchObject(expected);
    expect(ContainerSpec.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  test("without a Compose file the manifest is enough", () => {
    const service = ServiceSchema.parse({ path: "api", port: 3000 });
    const result = containerSpec({ name: "api", service, project: "shop" });
    expect(result).toMatchObject({ image: null, build: { context: "api" }, port: 3000, networks: [], mounts: [] });
  });
});

test.each([
  ["user: me", null],
  ["volumes: ['data:/d']", "two copies would write to the volume shop_data"],
  ["volumes: ['data:/d:ro', './x:/x:ro', '/anon', {type: tmpfs, target: /t}]", null],
  ["volumes: ['./up:/up']", "two copies would write to /srv/up"],
  ["volumes: ['/var/run/docker.sock:/var/run/docker.sock']", null],
  ["ports: ['80:3000']", null],
  ["ports: ['80:3000', '9229:9229']", "port 9229 of the host goes past the proxy"],
  ["ports: ['80:3000', '9229']", null],
  ["ports: ['53:53/udp']", "port 53 of the host goes past the proxy"],
])("%s: %s", (lines, expected) => {
  expect(exclusiveReason(spec(lines, {}, "volumes: {data: }"))).toBe(expected);
});
