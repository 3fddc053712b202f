import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeImage } from "../../../test/labs/docker.ts";
import { released } from "../local/testing.ts";
import { bringImage, holdsImages } from "./bring.ts";
import { filesVersion } from "./describe.ts";
import { hasImage } from "./docker/images.ts";
import { type Bench, openBench, skipReason, specOf } from "./docker/testing.ts";
import type { Place } from "./places.ts";
import type { ComposeProject } from "./project-file.ts";
import type { Recorded } from "./recorded.ts";

const skipped = skipReason();

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

  test("a release is held where its images can be pulled or built from a commit; one of another platform is not", async () => {
    const item = await recorded("x");
    const git = { repository: "r", ref: "main", commit: "c" };
    expect(await holds({ ...item, image: "shop/web:gone", build: { git } }, [])).toBe(true);
    expect(await holds({ ...item, image: `shop/web@sha256:${"0".repeat(64)}`, build: null }, [])).toBe(true);
    expect(await holds({ ...item, image: `sha256:${"0".repeat(64)}`, build: null }, [])).toBe(false);
    expect(await holdsImages({ name: "r1", services: { web: released() } }, { project, places: [] })).toBe(false);
  });
});
