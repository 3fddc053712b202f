import { Command } from "commander";
import { expect, test } from "vitest";
import { CheckType, Verdict } from "../contract/check.ts";
import { CheckSort } from "../contract/check-list.ts";
import { addCheckCommands } from "./check-program.ts";

test.each([
  ["--verdict", Verdict.options],
  ["--type", CheckType.options],
  ["--sort", CheckSort.options],
])("%s takes whatever the contract has", (flag, options) => {
  const program = new Command();
  addCheckCommands(program);
  const checks = program.commands.find((command) => command.name() === "checks");
  const found = checks?.options.find(({ long }) => long === flag);
  expect([...(found?.argChoices ?? [])].sort()).toEqual([...options].sort());
});
