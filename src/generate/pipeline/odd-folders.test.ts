import { expect, test } from "vitest";
import type { Kind } from "../kind.ts";
import { githubActions } from "../kinds/github-actions/kind.ts";
import { gitlab } from "../kinds/gitlab/kind.ts";
import { jenkins } from "../kinds/jenkins/kind.ts";
import { plan, service } from "../testing.ts";

test.each<[string, Kind]>([
  ["GitHub", githubActions],
  ["GitLab", gitlab],
  ["Jenkins", jenkins],
])("%s: a folder with a blank is one word of a command", (_, kind) => {
  const services = [service("api", { path: "shop api" }), service("web", { path: "web" })];
  const texts = kind.render(plan({ services, platforms: ["gitlab", "jenkins"] })).map(({ text }) => text);
  const commands = texts.flatMap((text) => text.split("\n")).filter((line) => /--file |docker build|\bcd /.test(line));
  const odd = commands.filter((line) => line.includes("shop api"));
  expect(odd.length).toBeGreaterThan(0);
  for (const line of odd) expect(line).toMatch(/'[^']*shop api[^']*'|"[^"]*shop api"/);
  expect(commands.filter((line) => /web\b/.test(line)).join()).not.toMatch(/'web/);
});
