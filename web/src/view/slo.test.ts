import { expect, test } from "vitest";
import { burnWords } from "./slo.ts";

test("each rate of burn says over which time it is", () => {
  const words = burnWords({ "1h": 14.42, "6h": 2, "3d": null })?.replaceAll("\u00a0", " ");
  expect(words).toBe("1 h 14.4, 6 h 2.0, 3 d –");
  expect(burnWords({ "1h": null, "6h": null, "3d": null })).toBeNull();
});
