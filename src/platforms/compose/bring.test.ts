import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeImage } from "../../../test/labs/docker.ts";
import { missingHosts } from "../../../test/labs/missing.ts";
import { startRegistry } from "../../../test/labs/registry.ts";
import { must } from "../../../test/labs/run.ts";
import { released } from "../local/testing.ts";
import { bringImage, holdsImages, storeId } from "./bring.ts";
import { filesVersion } from "./describe.ts";
import { hasImage, resolveDigest } from "./docker/images.ts";
import { prunePulled } from "./docker/pulled.ts";
import { type Bench, openBench, skipReason, specOf } from "./docker/testing.ts";
import { assumedPort, portOf } from "./listening.ts";
import type { Place } from "./places.ts";
import type { ComposeProject } from "./project-file.ts";
import type { Recorded } from "./recorded.ts";

const skipped = skipReason();
const noRegistry = missingHosts({ registry: true });
if (noRegistry) console.log(`skipped: images of a registry: ${noRegistry}`);

describe.skipIf(skipped)("an image that is built from the files of the project", () => {
  const benches: Bench[] = [];
  let project: ComposeProject;
  let root: string;
  const context = { signal: new AbortController().signal };

  beforeAll(async () => {
    benches.push(await openBench(), await openBench());
    for (const { engine } of benches) await nodeImage(engine);
    root = `${benches[0]?.folder}/project`;
    await mkdir(root);
    const settings = { platform: "compose", hosts: ["local"] } as unknown as ComposeProject["settings"];
    project = { root, manifestFile: `${root}/stationmaster.yaml`, services: {}, settings, variable: () => undefined };
  }, 120_000);
  afterAll(async () => {
    for (const bench of benches) await bench.end();
  }, 60_000);

  const place = ({ docker }: Bench, name: string) => ({ name, docker, acting: () => ({ docker }) }) as unknown as Place;
  async function recorded(text: string): Promise<Recorded> {
    await writeFile(`${root}/Dockerfile`, `FROM base/node:1\nCMD echo ${text}\n`);
    const spec = specOf("services: {web: {build: .}}");
    const image = `shop/web:${await filesVersion(project, spec)}`;
    return { spec, image, build: { git: null }, listen: [], project: "shop" };
  }
  const holds = async (item: Recorded, places: Place[]) =>
    await holdsImages({ name: "r1", services: { web: released({ recorded: { ...item } }) } }, { project, places });

  test("is built while the files are those, then copied from a host that has it, and never made of other files", async () => {
    const [one, two] = benches as [Bench, Bench];
    const bringing = { project, places: [place(one, "local")], app: "shop", stateDir: one.folder };
    const first = await recorded("first");
    expect(await holds(first, bringing.places)).toBe(true);
    await bringImage("web", first, bringing, context);
    expect(await hasImage(one.docker, first.image)).toBe(true);

    const lost = await recorded("lost");
    await recorded("changed since");
    expect(await holds(lost, bringing.places)).toBe(false);
    await expect(bringImage("web", lost, bringing, context)).rejects.toMatchObject({
      code: "SM-RELEASE-GONE",
      message: expect.stringMatching(/^web: no host has the image shop\/web:/),
    });
    expect(await hasImage(one.docker, lost.image)).toBe(false);

    // Of the first there are no files any more either.
    const places = [place(one, "local"), place(two, "h2")];
    expect(await holds(first, places)).toBe(true);
    await bringImage("web", first, { ...bringing, places }, context);
    expect(await two.docker.call(["run", "--rm", first.image], { step: "run" })).toBe("first\n");
  }, 120_000);

  test("its port is the one it exposes; before it is built what its Dockerfile says is assumed", async () => {
    const [one] = benches as [Bench];
    const local = place(one, "local");
    const asked = async (item: Recorded, kind: "http" | "worker") => {
      await bringImage("web", item, { project, places: [local], app: "shop", stateDir: one.folder }, context);
      return await portOf(one.docker, released({ kind, recorded: { ...item } }));
    };
    const silent = await recorded("silent");
    expect(await assumedPort("web", silent, { root, place: local, ...context })).toMatch(
      /^web: .* known once it is built/,
    );
    expect(await asked(silent, "http")).toBeNull();
    const item = await recorded("heard\nEXPOSE 4000");
    expect(await assumedPort("web", item, { root, place: local, ...context })).toContain("web: port 4000 is assumed");
    expect(await asked(item, "http")).toBe(4_000);
    expect(await asked(item, "worker")).toBeNull();
    expect(await asked({ ...item, spec: { ...item.spec, port: 80 } }, "http")).toBe(80);
  }, 120_000);

  test("comes through this machine from a host that only we reach", async () => {
    const [one, two] = benches as [Bench, Bench];
    const item = await recorded("far");
    const bringing = { project, places: [place(one, "local")], app: "shop", stateDir: one.folder };
    await bringImage("web", item, bringing, context);
    await recorded("changed again");
    const far = { ...one, docker: { ...one.docker, host: { ...one.docker.host, name: "h1" } } };
    const places = [place(far, "h1"), place(two, "h2")];
    await bringImage("web", item, { ...bringing, places }, context);
    expect(await two.docker.call(["run", "--rm", item.image], { step: "run" })).toBe("far\n");
  }, 120_000);

  test.skipIf(noRegistry)(
    "one that was pulled bears our tags, outlives docker image prune, and goes when nobody needs it; others stay",
    async () => {
      const [one, two] = benches as [Bench, Bench];
      const registry = await startRegistry(`${one.folder}/registry`, "127.0.0.78");
      const digests: string[] = [];
      for (const version of ["p1", "p2"]) {
        const name = `${registry}/shop:${version}`;
        await writeFile(`${one.folder}/${version}`, version);
        await must(["tar", "-C", one.folder, "-cf", `${one.folder}/${version}.tar`, version]);
        await one.docker.call(["import", "--change", "CMD x", `${one.folder}/${version}.tar`, name], {
          step: "import",
        });
        await one.docker.call(["push", "--quiet", name], { step: "push" });
        digests.push(await resolveDigest(one.docker, name));
      }
      const [first = "", second = ""] = digests;
      const places = [place(one, "h1"), place(two, "h2")];
      const bring = async (image: string, stateDir: string) => {
        const item = { spec: specOf("services: {web: {image: app}}"), image, build: null, listen: [], project: "shop" };
        await bringImage("web", item, { project, places, app: "shop", stateDir }, context);
      };
      await bring(first, "/a");
      await bring(first, "/b");
      await bring(second, "/a");
      await two.docker.call(["image", "prune", "--force"], { step: "tidy" });
      const prune = async (stateDir: string, keep: string[]) =>
        await prunePulled(two.docker, { app: "shop", store: storeId(stateDir), keep });
      const there = async () => [await hasImage(two.docker, first), await hasImage(two.docker, second)];
      expect(await prune("/a", [first, second])).toEqual([]);
      expect(await prune("/a", [second])).toEqual([]);
      expect(await there()).toEqual([true, true]);
      const using = await two.docker.call(["create", first], { step: "use it" });
      expect(await prune("/b", [])).toEqual([]);
      await two.docker.call(["rm", using.trim()], { step: "use it no more" });
      expect(await prune("/b", [])).toEqual([first.split(":").at(-1)]);
      expect(await there()).toEqual([false, true]);

      // Made here, not pulled.
      expect(await prunePulled(one.docker, { app: "shop", store: storeId("/a"), keep: [] })).toEqual([]);
      expect([await hasImage(one.docker, first), await hasImage(one.docker, second)]).toEqual([true, true]);
      // Pulled for a plan that nobody carried out.
      await two.docker.call(["image", "rm", second], { step: "take its name" });
      expect(await prune("/a", [])).toEqual([second.split(":").at(-1)]);
      const planned = await resolveDigest(two.docker, `${registry}/shop:p1`);
      expect(planned).toBe(first);
      expect(await prune("/a", [])).toEqual([first.split(":").at(-1)]);
    },
    120_000,
  );

  test("a release is held where its images can be pulled or built from a commit; one of another platform is not", async () => {
    const item = await recorded("x");
    const git = { repository: "r", ref: "main", commit: "c" };
    expect(await holds({ ...item, image: "shop/web:gone", build: { git } }, [])).toBe(true);
    expect(await holds({ ...item, image: `shop/web@sha256:${"0".repeat(64)}`, build: null }, [])).toBe(true);
    expect(await holds({ ...item, image: `sha256:${"0".repeat(64)}`, build: null }, [])).toBe(false);
    expect(await holdsImages({ name: "r1", services: { web: released() } }, { project, places: [] })).toBe(false);
  });
});
