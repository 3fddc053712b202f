import { expect, test } from "vitest";
import { actionsText } from "./action-text.ts";

test("actions read in their order, and once each", () => {
  const did = (remedy: "restart" | "escalate", outcome: "refused" | "succeeded") =>
    ({ remedy, outcome, at: "2026-03-01T00:00:00Z", detail: null }) as const;
  const round = [did("restart", "refused"), did("escalate", "succeeded")];
  expect(actionsText([...round, ...round])).toBe("restart refused, people called");
  expect(actionsText([])).toBe("");
});
