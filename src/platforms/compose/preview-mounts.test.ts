import { describe, expect, test } from "vitest";
import { specOf } from "./docker/testing.ts";
import { loadComposeFile } from "./file/load.ts";
import { refuseSharedInfrastructure, refuseSharedMounts } from "./preview-mounts.ts";

const compose = (mount: string, volumes: string) =>
  `services: {web: {image: app, volumes: ["${mount}"]}, db: {image: db, volumes: ["${mount}"]}}\nvolumes: ${volumes}`;

const CASES: [string, string, string, RegExp | undefined][] = [
  ["a volume of its own", "data:/data", "{data: }", undefined],
  ["a volume without a name", "/data", "{}", undefined],
  ["memory", "data:/data", "{data: {driver_opts: {type: tmpfs, device: tmpfs}}}", undefined],
  ["a folder of the host", "/srv/data:/data", "{}", /mounts \/srv\/data of the host/],
  ["a file of the host, also to read only", "./app.conf:/app.conf:ro", "{}", /app\.conf of the host/],
  ["the engine's socket", "/var/run/docker.sock:/var/run/docker.sock", "{}", /docker\.sock/],
  ["an external volume", "data:/data", "{data: {external: true}}", /data, which exists/],
  ["a volume with a fixed name", "data:/data", "{data: {name: shared}}", /shared, which has that name/],
  ["a volume that is a folder", "data:/data", "{data: {driver_opts: {type: none, o: bind, device: /srv}}}", /driver/],
  ["a volume in the network", "data:/data", "{data: {driver: nfs}}", /driver/],
];

describe.each(CASES)("%s", (_, mount, volumes, refused) => {
  const text = compose(mount, volumes);
  const outcome = (work: () => void) => (refused ? expect(work).toThrow(refused) : expect(work).not.toThrow());
  test("of a service", () => outcome(() => refuseSharedMounts("web", specOf(text), "shop")));
  test("of what is left to Compose", () => {
    const options = { name: "compose.yaml", dir: "/srv/x", ours: ["web"], variable: () => undefined };
    outcome(() => refuseSharedInfrastructure(loadComposeFile(text, options)));
  });
});
