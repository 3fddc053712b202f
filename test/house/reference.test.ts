import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { errorUses } from "../../scripts/docs/error-codes.ts";
import { ROOT } from "./files.ts";

test("docs/reference is what the sources say", async () => {
  const run = promisify(execFile)(process.execPath, [join(ROOT, "scripts/docs.ts"), "--check"], { cwd: ROOT });
  const { stdout, stderr } = await run.catch((error) => error);
  expect(`${stdout}${stderr}`).toBe("");
});

test("error codes are found in objects and calls, alternatives together", () => {
  const text = `
const LIMIT = 20;
function problem(code: string, message: string, next: string) {
  return new UserError({ code, message, next });
}
export function a(late: boolean, name: string) {
  if (late) throw new ExternalError({
    code: late ? "SM-SLOW" : "SM-GONE",
    message: late ? \`\${name} is slow\` : "gone",
  });
  throw problem("SM-MANY", \`more than \${LIMIT} of \${f(name)}\`, "use less");
}`;
  expect(errorUses("src/x/a.ts", text)).toEqual([
    { code: "SM-SLOW", kind: "ExternalError", messages: ["<name> is slow"], nexts: [] },
    { code: "SM-GONE", kind: "ExternalError", messages: ["gone"], nexts: [] },
    { code: "SM-MANY", kind: "UserError", messages: ["more than 20 of …"], nexts: ["use less"] },
  ]);
});
