import { expect, test, vi } from "vitest";
import { CheckSchema } from "../config/checks.ts";
import { requirePrograms } from "./programs.ts";

test("a check whose program is not there is refused before it ever runs", async () => {
  const checks = { gateway: CheckSchema.parse({ ping: "10.0.0.1" }), port: CheckSchema.parse({ tcp: "a:1" }) };
  vi.stubEnv("PATH", "/nowhere");
  try {
    await expect(requirePrograms(checks)).rejects.toMatchObject({
      code: "SM-CHECK-PROGRAM",
      message: "check gateway needs ping, which is not in PATH",
    });
    const page = CheckSchema.parse({ browser: "https://example.com/", every: "5m" });
    await expect(requirePrograms({ page })).rejects.toThrow("Chromium");
    await requirePrograms({ port: checks.port });
  } finally {
    vi.unstubAllEnvs();
  }
});
