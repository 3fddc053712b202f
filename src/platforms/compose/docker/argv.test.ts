import { describe, expect, test } from "vitest";
import { findProgram } from "../../../../test/labs/missing.ts";
import { must } from "../../../../test/labs/run.ts";
import type { Build, Settings } from "../file/schema.ts";
import { createArgs, envFileText, volumeArgs } from "./argv.ts";
import { BUILD_FLAGS, flagsOf, SETTING_FLAGS } from "./flags.ts";
import { buildArgs } from "./images.ts";
import { labelArgs, readLabels } from "./labels.ts";
import { specOf } from "./testing.ts";

const LABELS = {
  ...{ app: "shop", env: "prod", service: "web", unit: "u1", release: "r1" },
  ...{ rollout: "ro-1", generation: 7, role: "candidate" as const },
};
const OPTIONS = { id: "u1", image: "app@sha256:00", labels: LABELS, network: "shop-prod", envFile: "/run/u1.env" };

const SAMPLES: { [K in keyof Settings]-?: [NonNullable<Settings[K]>, string] } = {
  blkio_config: [{ weight: 300 }, "--blkio-weight 300"],
  cap_add: [["NET_ADMIN", "SYS_TIME"], "--cap-add NET_ADMIN --cap-add SYS_TIME"],
  cap_drop: [["ALL"], "--cap-drop ALL"],
  cgroup: ["host", "--cgroupns host"],
  cgroup_parent: ["/x", "--cgroup-parent /x"],
  cpu_period: [1000, "--cpu-period 1000"],
  cpu_quota: [2000, "--cpu-quota 2000"],
  cpu_shares: [5, "--cpu-shares 5"],
  cpus: [0.5, "--cpus 0.5"],
  cpuset: ["0-1", "--cpuset-cpus 0-1"],
  device_cgroup_rules: [["c 1:3 mr"], "--device-cgroup-rule c 1:3 mr"],
  devices: [["/dev/a", { source: "/dev/b", permissions: "r" }], "--device /dev/a --device /dev/b:/dev/b:r"],
  dns: [["1.1.1.1"], "--dns 1.1.1.1"],
  dns_opt: [["ndots:1"], "--dns-option ndots:1"],
  dns_search: [["a.b"], "--dns-search a.b"],
  domainname: ["d", "--domainname d"],
  extra_hosts: [{ a: "1.2.3.4", b: ["[::1]"] }, "--add-host a:1.2.3.4 --add-host b:::1"],
  gpus: ["all", "--gpus all"],
  group_add: [["a", 5], "--group-add a --group-add 5"],
  healthcheck: [
    { test: ["CMD", "curl", "-f", "a b"], interval: "5s", timeout: "1s", start_period: "2s", retries: 4 },
    "--health-cmd curl -f 'a b' --health-interval 5s --health-timeout 1s --health-start-period 2s --health-retries 4",
  ],
  hostname: ["h", "--hostname h"],
  init: [true, "--init"],
  ipc: ["none", "--ipc none"],
  labels: [{ a: "b" }, "--label a=b"],
  logging: [{ driver: "json-file", options: { "max-size": "1m" } }, "--log-driver json-file --log-opt max-size=1m"],
  mem_limit: ["1 gb", "--memory 1gb"],
  mem_reservation: [1024, "--memory-reservation 1024"],
  mem_swappiness: [0, "--memory-swappiness 0"],
  memswap_limit: ["-1", "--memory-swap -1"],
  oom_kill_disable: [true, "--oom-kill-disable"],
  oom_score_adj: [5, "--oom-score-adj 5"],
  pids_limit: [9, "--pids-limit 9"],
  platform: ["linux/amd64", "--platform linux/amd64"],
  privileged: [true, "--privileged"],
  read_only: [true, "--read-only"],
  runtime: ["runc", "--runtime runc"],
  security_opt: [["no-new-privileges"], "--security-opt no-new-privileges"],
  shm_size: ["64m", "--shm-size 64m"],
  stdin_open: [true, "--interactive"],
  stop_signal: ["SIGQUIT", "--stop-signal SIGQUIT"],
  storage_opt: [{ size: "1G" }, "--storage-opt size=1G"],
  sysctls: [{ "net.core.somaxconn": "5" }, "--sysctl net.core.somaxconn=5"],
  tmpfs: [["/run"], "--tmpfs /run"],
  tty: [true, "--tty"],
  ulimits: [{ nofile: { soft: 1, hard: 2 }, nproc: 3 }, "--ulimit nofile=1:2 --ulimit nproc=3"],
  user: ["1:2", "--user 1:2"],
  userns_mode: ["host", "--userns host"],
  uts: ["host", "--uts host"],
  working_dir: ["/w", "--workdir /w"],
};

describe("settings", () => {
  test.each(Object.entries(SAMPLES))("%s", (key, [value, expected]) => {
    expect(flagsOf(SETTING_FLAGS, { [key]: value }).join(" ")).toBe(expected);
  });

  test.each<[NonNullable<Settings["healthcheck"]>, string[]]>([
    [{ test: "exit 1" }, ["--health-cmd", "exit 1"]],
    [{ test: ["CMD-SHELL", "a && b"] }, ["--health-cmd", "a && b"]],
    [{ test: ["NONE"] }, ["--no-healthcheck"]],
    [{ disable: true, test: "x" }, ["--no-healthcheck"]],
    [{ interval: "5s" }, ["--health-interval", "5s"]],
  ])("health check %j", (healthcheck, expected) => {
    expect(flagsOf(SETTING_FLAGS, { healthcheck })).toEqual(expected);
  });

  test("false is no flag", () => {
    expect(flagsOf(SETTING_FLAGS, { init: false, tty: false, userns_mode: "" })).toEqual([]);
  });

  const docker = findProgram("docker");
  if (!docker) console.log("skipped: docker is not installed");
  test.skipIf(!docker)("docker knows every one of them", async () => {
    const help = await must(["docker", "create", "--help"]);
    const all = Object.entries(SAMPLES).flatMap(([key, [value]]) => flagsOf(SETTING_FLAGS, { [key]: value }));
    for (const flag of new Set(all.filter((word) => word.startsWith("--")))) expect(help).toContain(` ${flag} `);
    const build = await must(["docker", "build", "--help"]);
    const flags = buildArgs({ folder: ".", tag: "a", app: "b", store: "c", build: BUILD }).filter((word) =>
      word.startsWith("--"),
    );
    for (const flag of flags) expect(build).toContain(` ${flag} `);
  });
});

const BUILD: Build = {
  ...{
    context: "x",
    dockerfile: "D",
    args: { A: "1" },
    cache_from: ["i"],
    extra_hosts: { a: "::1" },
    labels: { l: "m" },
  },
  ...{
    network: "host",
    no_cache: true,
    platforms: ["linux/amd64"],
    pull: true,
    shm_size: "1m",
    target: "t",
    ulimits: { nproc: 3 },
  },
};

test("a build has all its flags, our label last", () => {
  const args = buildArgs({ folder: "/w", tag: "shop/web:1", app: "shop", store: "here", build: BUILD });
  expect(args.slice(0, 3)).toEqual(["build", "--tag", "shop/web:1"]);
  expect(args.slice(-7)).toEqual([
    ...["--label", "stationmaster.app=shop", "--label", "stationmaster.store=here"],
    ...["--file", "/w/D", "/w"],
  ]);
  expect(args).toEqual(expect.arrayContaining(["--build-arg", "A=1", "--target", "t"]));
  expect(args.length).toBe(3 + flagsOf(BUILD_FLAGS, BUILD).length + 7);
});

describe("the container of a service", () => {
  test("everything in its place", () => {
    const spec = specOf(`
services:
  web:
    image: app
    entrypoint: /e one
    command: [two, three]
    user: me
    labels: {stationmaster.app: theirs}
    restart: always
    ports: ["80:3000", "[::1]:9229:9229", "7000/udp"]
    volumes: ["data:/d:ro", "./up:/up:z", "/anon", {type: bind, source: "/a,b", target: /c, bind: {create_host_path: false}}]
volumes: {data: }
`);
    const publish = { port: 3000, hostPort: 20_001 };
    expect(createArgs(spec, { ...OPTIONS, publish, addHosts: { api: "10.0.0.1" } })).toEqual([
      ...["create", "--name", "u1", "--pull", "never", "--network", "shop-prod", "--env-file", "/run/u1.env"],
      ...["--restart", "unless-stopped", "--publish", "127.0.0.1:20001:3000"],
      ...["--publish", "[::1]:9229:9229/tcp", "--publish", "7000/udp"],
      ...["--mount", "type=volume,source=shop_data,target=/d,readonly", "--volume", "/srv/up:/up:z"],
      ...["--mount", "type=volume,target=/anon", "--mount", 'type=bind,"source=/a,b",target=/c'],
      ...["--user", "me", "--add-host", "api:10.0.0.1", "--label", "stationmaster.app=theirs"],
      ...labelArgs(LABELS),
      ...["--label", "stationmaster.port=20001", "--entrypoint", "/e", "app@sha256:00", "one", "two", "three"],
    ]);
  });

  test("one that runs a command once publishes nothing and is never started again", () => {
    const spec = specOf("services: {web: {image: app, command: serve, restart: always, ports: ['80:1', '81:2']}}");
    const args = createArgs(spec, { ...OPTIONS, publish: { port: 1, hostPort: 2 }, once: ["npm", "run", "migrate"] });
    expect(args).not.toContain("--publish");
    expect(args).toEqual(expect.arrayContaining(["--no-healthcheck"]));
    expect(args.join(" ")).toContain("--restart no");
    expect(args.slice(-5)).toEqual(["--entrypoint", "npm", "app@sha256:00", "run", "migrate"]);
  });

  test("an empty entrypoint takes the image's away", () => {
    const args = createArgs(specOf("services: {web: {image: app, entrypoint: [], command: [a]}}"), OPTIONS);
    expect(args.slice(-4)).toEqual(["--entrypoint", "", "app@sha256:00", "a"]);
  });

  test("volumes are made as Compose makes them", () => {
    const spec = specOf(
      "services: {web: {image: a, volumes: ['d:/d']}}\nvolumes: {d: {driver: local, driver_opts: {o: b}}}",
    );
    expect(spec.volumes.map((volume) => volumeArgs(volume, "shop-prod", { app: "shop", env: "prod" }))).toEqual([
      [
        ...["volume", "create", "--label", "com.docker.compose.project=shop-prod"],
        ...["--label", "com.docker.compose.volume=d", "--label", "stationmaster.app=shop"],
        ...["--label", "stationmaster.env=prod"],
        ...["--driver", "local", "--opt", "o=b", "shop_d"],
      ],
    ]);
  });

  test("labels are read back", () => {
    const labels = Object.fromEntries(
      labelArgs(LABELS)
        .filter((word) => word !== "--label")
        .map((word) => word.split("=")),
    );
    expect(readLabels({ ...labels, other: "x", "stationmaster.port": "1" })).toEqual(LABELS);
    expect(readLabels({ other: "x" })).toBeUndefined();
  });
});

describe("variables", () => {
  test("a line each, as they are", () => {
    expect(envFileText({ A: " b=c #d ", E: "" }, "web")).toBe("A= b=c #d \nE=\n");
  });
  test.each([
    ["A", "x\ny", "has several lines"],
    ["A", "x\0", "has several lines"],
    ["A", "x\r", "ends with a carriage return"],
    ["A B", "x", "has a name with blanks"],
    ["#A", "x", "has a name with blanks"],
    ["A", "x".repeat(70_000), "is longer than 64 KB"],
  ])("%j is refused: %#", (name, value, why) => {
    expect(() => envFileText({ [name]: value }, "web")).toThrow(
      expect.objectContaining({
        code: "SM-DOCKER-ENVIRONMENT",
        message: expect.stringContaining(`web: the variable ${name} ${why}`),
      }),
    );
  });
});
