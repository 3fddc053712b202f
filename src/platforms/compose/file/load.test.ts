import { describe, expect, test } from "vitest";
import { loadComposeFile } from "./load.ts";
import type { ComposeFile } from "./model.ts";

const VALUES: Record<string, string> = { TAG: "2", PORT: "8080" };

function load(text: string, ours = ["web"]): ComposeFile {
  return loadComposeFile(text, { name: "compose.yaml", dir: "/srv", ours, variable: (name) => VALUES[name] });
}

/** The service `web` of a file with these lines in it. */
function web(lines: string, rest = "") {
  const body = lines.split("\n").map((line) => `    ${line}`);
  return load(`services:\n  web:\n    image: app\n${body.join("\n")}\n${rest}`).services.web;
}

describe("what is written is what is read", () => {
  test.each([
    ["environment: [A=1, B=x=y, C]", { environment: { A: "1", B: "x=y", C: null } }],
    [
      "environment: {A: 1, B: true, C: , D: 1.50, E: 0123}",
      { environment: { A: "1", B: "true", C: null, D: "1.5", E: "83" } },
    ],
    ["environment: {ID: 123456789012345678}", { environment: { ID: "123456789012345678" } }],
    ["environment: ['P=${PW:-x}', Q=$$]", { environment: { P: "${PW:-x}", Q: "$$" } }],
    ["user: u${TAG}", { user: "u2" }],
    ["command: sh -c \"echo 'a b' \\\"$$X\\\"\" c\\ d ''", { command: ["sh", "-c", `echo 'a b' "$X"`, "c d", ""] }],
    ["command: [a, b c]", { command: ["a", "b c"] }],
    ["command: ", { command: null }],
    ["tty: ${NONE:-yes}", { tty: true }],
    ["cpus: '0.5'", { cpus: 0.5 }],
    ["mem_limit: 1.5gb", { mem_limit: "1.5gb" }],
    ["dns: 1.1.1.1", { dns: ["1.1.1.1"] }],
    ["tmpfs: /run", { tmpfs: ["/run"] }],
    ["extra_hosts: ['a:1.2.3.4', 'b=::1']", { extra_hosts: { a: "1.2.3.4", b: "::1" } }],
    ["labels: [a=b, c]", { labels: { a: "b", c: "" } }],
    ["ulimits: {nofile: {soft: 10, hard: 20}, nproc: 5}", { ulimits: { nofile: { soft: 10, hard: 20 }, nproc: 5 } }],
    ["build: .", { build: { context: "." } }],
    ["build: {context: ., args: [A=1]}", { build: { context: ".", args: { A: "1" } } }],
    ["env_file: .env", { env_file: [".env"] }],
    ["x-note: anything", {}],
    [
      "healthcheck: {test: curl -f http://localhost, interval: 1m30s, x-note: 1}",
      { healthcheck: { test: "curl -f http://localhost", interval: "1m30s" } },
    ],
  ])("%s", (lines, expected) => {
    expect(web(lines)).toEqual({ image: "app", ...expected });
  });

  const port = { published: null, host_ip: null, protocol: "tcp" };
  test.each([
    ["3000", [{ ...port, target: 3000 }]],
    ["'${PORT}:3000'", [{ ...port, target: 3000, published: 8080 }]],
    ["22:22", [{ ...port, target: 22, published: 22 }]],
    ["127.0.0.1:8080:80/udp", [{ target: 80, published: 8080, host_ip: "127.0.0.1", protocol: "udp" }]],
    ["127.0.0.1::80", [{ ...port, target: 80, host_ip: "127.0.0.1" }]],
    ["'[::1]:8080:80'", [{ ...port, target: 80, published: 8080, host_ip: "::1" }]],
    [
      "5000-5001:6000-6001",
      [
        { ...port, target: 6000, published: 5000 },
        { ...port, target: 6001, published: 5001 },
      ],
    ],
    ["8000-9000:80", [{ ...port, target: 80, published: 8000 }]],
    ["{target: 80, published: '8080', protocol: udp}", [{ ...port, target: 80, published: 8080, protocol: "udp" }]],
    ["{target: '80', mode: host, name: http}", [{ ...port, target: 80 }]],
  ])("port %s", (entry, expected) => {
    expect(web(`ports: [${entry}]`)?.ports).toEqual(expected);
  });

  const mount = { source: null, read_only: false, create: false, options: [], selinux: null };
  test.each([
    ["/data", { ...mount, type: "volume", target: "/data" }],
    ["data:/data", { ...mount, type: "volume", source: "data", target: "/data" }],
    ["./a:/b:ro", { ...mount, type: "bind", source: "./a", target: "/b", read_only: true, create: true }],
    [
      "/a:/b:rw,z,rslave",
      {
        ...mount,
        type: "bind",
        source: "/a",
        target: "/b",
        create: true,
        selinux: "z",
        options: ["bind-propagation=rslave"],
      },
    ],
    [
      "{type: bind, source: /a, target: /b, bind: {create_host_path: false}}",
      { ...mount, type: "bind", source: "/a", target: "/b" },
    ],
    [
      "{type: volume, source: data, target: /b, read_only: true, volume: {nocopy: true}}",
      { ...mount, type: "volume", source: "data", target: "/b", read_only: true, options: ["volume-nocopy"] },
    ],
    [
      "{type: tmpfs, target: /b, tmpfs: {size: 10m, mode: 0755}}",
      { ...mount, type: "tmpfs", target: "/b", options: ["tmpfs-size=10m", "tmpfs-mode=755"] },
    ],
  ])("mount %s", (entry, expected) => {
    const quoted = entry.startsWith("{") ? entry : `"${entry}"`;
    expect(web(`volumes: [${quoted}]`, "volumes: {data: }")?.volumes).toEqual([expected]);
  });
});

test("anchors, merges and extends", () => {
  const file = load(`
x-base: &base {restart: always, logging: &log {driver: json-file}}
x-env: &env {A: 1, B: 2}
services:
  web:
    <<: [*base, {restart: "no", user: me}]
    extends: {service: base}
    environment: {<<: *env, B: 3}
    command: [own]
    volumes: ["other:/data"]
  base:
    image: base
    profiles: [never]
    command: [base, with, words]
    environment: [Z=26, B=base]
    volumes: ["first:/data", "second:/more"]
    dns: 1.1.1.1
volumes: {first: , second: , other: }
`);
  expect(file.services.web).toMatchObject({
    image: "base",
    restart: "always",
    user: "me",
    logging: { driver: "json-file" },
    command: ["own"],
    environment: { A: "1", B: "3", Z: "26" },
    dns: ["1.1.1.1"],
  });
  expect(file.services.web?.volumes?.map(({ source }) => source)).toEqual(["second", "other"]);
  expect(file.infrastructure).toEqual({});
});

test("what is ignored and what is missing is noted", () => {
  const { notes, variables } = load(`
services:
  web:
    image: app:$NONE
    pull_policy: always
    profiles: [web]
    healthcheck: {test: [NONE], start_interval: 1s}
    networks: {default: {aliases: [w]}}
  proxy: {image: nginx, depends_on: [web]}
`);
  expect(variables).toEqual(["NONE"]);
  expect(notes).toEqual([
    "compose.yaml:4: the variable NONE is not set; it counts as empty",
    "compose.yaml:5: services.web.pull_policy is ignored: a release names its image by digest",
    "compose.yaml:6: services.web.profiles is ignored: the manifest lists the service, so it runs",
    "compose.yaml:7: services.web.healthcheck.start_interval is ignored: engines before 25 do not know it; `interval` counts from the start",
    "compose.yaml:8: services.web.networks.default.aliases is ignored: requests to a service go through the proxy, under its own name",
    "proxy is left to Compose and cannot call web by name; let it call the port of the host",
  ]);
});

test("what only Compose runs may have what we cannot do, and keys that are new", () => {
  const file = load(`
services:
  web: {image: app}
  db: {image: postgres, container_name: db, network_mode: host, brand_new: 1}
  debug: {image: x, profiles: [debug]}
`);
  expect(Object.keys(file.infrastructure)).toEqual(["db"]);
});

describe("mistakes", () => {
  /** Line and rest of each, for a file in which `web` has these lines from line 4 on. */
  function mistakes(lines: string, rest = ""): string[] {
    try {
      web(lines, rest);
    } catch (error) {
      const { code, message, next } = error as { code: string; message: string; next?: string };
      expect(code).toMatch(/^SM-COMPOSE-/);
      const each = message.includes("\n") ? message.split("\n").slice(1) : [`${message}; ${next}`];
      return each.map((line) =>
        line.trim().replace("compose.yaml:", "").replace("; see https://docs.docker.com/reference/compose-file", ""),
      );
    }
    return [];
  }

  test.each([
    ["imgae: x", ['4: unknown key "imgae" in services.web; did you mean "image"?']],
    ["healthcheck: {tets: x}", ['4: unknown key "tets" in services.web.healthcheck; did you mean "test"?']],
    ["user: 1000", ["4: services.web.user must be text, not the number 1000"]],
    ["tty: maybe", ['4: services.web.tty must be true or false, not "maybe"']],
    ["command: {a: b}", ["4: services.web.command must be a list, text or null, not a mapping"]],
    ["environment: [[A]]", ["4: services.web.environment must be a mapping, not a list"]],
    [
      "environment: {A: [1]}",
      ["4: services.web.environment.A must be text, a number, true or false or null, not a list"],
    ],
    [
      "stop_grace_period: 10",
      ["4: services.web.stop_grace_period must be a duration such as 30s or 1m30s, not the number 10"],
    ],
    [
      "restart: sometimes",
      ['4: services.web.restart must be no, always, unless-stopped or on-failure, not "sometimes"'],
    ],
    ["mem_limit: lots", ['4: services.web.mem_limit must be a size such as 512m or 2gb, not "lots"']],
    ["ports: ['1:2:3:4']", ['4: services.web.ports.0: "1:2:3:4" is not [ADDRESS:][HOST:]CONTAINER[/tcp]']],
    ["ports:\n  - 80\n  - 99999", ['6: services.web.ports.1: "99999" is not [ADDRESS:][HOST:]CONTAINER[/tcp]']],
    ["volumes: ['a:b']", ['4: services.web.volumes.0: the target "b" must be an absolute path']],
    [
      "volumes: ['~/a:/b']",
      ['4: services.web.volumes.0: "~/a" is another folder on every host; write an absolute path'],
    ],
    ["volumes: [{type: npipe, target: /a}]", ["4: services.web.volumes.0: mounts of type npipe are not made here"]],
    [
      "volumes: [nosuch:/a]",
      ['4: services.web.volumes: "nosuch" is not among the top-level volumes; add it, or correct the name'],
    ],
    [
      "networks: [bakend]",
      ['4: services.web.networks: "bakend" is not among the top-level networks; did you mean "backend"?'],
      "networks: {backend: }",
    ],
    [
      "secrets: [key]",
      ['4: services.web.secrets: "key" is not a file; give it as `file:`, or as a variable in `environment`'],
      "secrets: {key: {environment: KEY}}",
    ],
    [
      "depends_on: [databse]",
      [
        '4: services.web.depends_on: "databse" is not among the services that are not in a profile; did you mean "database"?',
      ],
      "  database: {image: x}",
    ],
    ["extends: nosuch", ['4: services.web.extends: there is no service "nosuch"; correct the name']],
    [
      "extends: {service: a, file: b.yaml}",
      ["4: services.web.extends: another file is not read; copy that service into this file"],
    ],
    ["user: me", ["5: include: another file is not read; copy its services into this file"], "include: [b.yaml]"],
    [
      "depends_on: {job: {condition: service_completed_successfully}, web: {condition: service_completed_successfully}}",
      [
        "4: services.web.depends_on.web: it is a service of the manifest and does not end; take web out of the manifest, so that it is left to Compose, or wait for service_healthy",
      ],
      "  job: {image: x}",
    ],
    ["extends: web", ['4: services.web.extends: "web" extends itself; take one `extends` away']],
    ["user: '${A:?say who}'", ["4: services.web.user: A is required: say who; set A in the environment or in .env"]],
    ["user: 5$", ['4: services.web.user: "$" stands before no name; write $$ for a dollar sign']],
    [
      "user: !reset null",
      ["4: the tag !reset has no meaning here; it is for several Compose files; write the value out"],
    ],
    ["user: *none", ["4: the alias names no anchor before it; correct its name"]],
    ["a: &a [*a]", ["4: the alias is inside of its own anchor; write the value out"]],
  ])("%s", (lines, expected, rest = "") => {
    expect(mistakes(lines, rest)).toEqual(expected);
  });

  test.each([
    ["container_name: x", "container_name"],
    ["network_mode: host", "network_mode"],
    ["links: [db]", "links"],
    ["external_links: [x]", "external_links"],
    ["scale: 3", "scale"],
    ["volumes_from: [db]", "volumes_from"],
    ["pid: host", "pid"],
    ["ipc: host", "ipc"],
    ["mac_address: x", "mac_address"],
    ["deploy: {replicas: 3}", "deploy.replicas"],
    ["deploy: {mode: global}", "deploy.mode"],
    ["deploy: {resources: {reservations: {devices: []}}}", "deploy.resources"],
    ["deploy: {resources: {reservations: {generic_resources: []}}}", "deploy.resources"],
    ["build: {context: ., ssh: [default]}", "build.ssh"],
    ["build: 'https://example.com/x.git'", "build.context"],
    ["networks: {default: {ipv4_address: 1.2.3.4}}", "networks.default.ipv4_address"],
    ["post_start: [{command: x}]", "post_start"],
  ])("%s cannot be done, and the error says what to do", (lines, place) => {
    const [first = "", ...more] = mistakes(lines);
    expect(first).toMatch(/^4: services\.web\.\S+: Stationmaster cannot run a service with this; \w/);
    expect(first).toContain(`services.web.${place}: `);
    expect(more).toEqual([]);
  });

  test("all of them at once, in the order of their lines", () => {
    expect(mistakes("scale: 2\nuser: 3\nnosuch: 1\nlinks: [x]").map((line) => line.slice(0, 2))).toEqual([
      "4:",
      "5:",
      "6:",
      "7:",
    ]);
  });
});
