import { expect, test } from "vitest";
import { INDEX_FILE, indexText } from "./base-store.ts";
import { prepare } from "./prepare.ts";
import { plan } from "./testing.ts";

test("files of the platform before are told, until they are gone or asked for by name", async () => {
  const { files, index } = await prepare({
    plan: plan({ target: "railway" }),
    current: () => undefined,
    today: "2026-11-22",
  });
  const written = new Map(files.map(({ path, text }) => [path, text]));
  written.set(INDEX_FILE, indexText(index));
  const notes = async (kinds?: string[]) => {
    const current = (path: string) => written.get(path);
    const next = await prepare({
      plan: plan({ target: "compose" }),
      current,
      today: "2026-11-22",
      ...(kinds ? { kinds } : {}),
    });
    return next.notes.filter((note) => note.includes("earlier plan"));
  };
  expect(await notes()).toEqual([
    expect.stringMatching(/^\.railway\/railway\.ts is of an earlier plan.*generate railway`$/),
  ]);
  expect(await notes(["compose"])).toEqual([]);
  written.delete(".railway/railway.ts");
  expect(await notes()).toEqual([]);
});
