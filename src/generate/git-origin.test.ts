import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gitOrigin } from "./git-origin.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "origin-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const WHO = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
const git = (...words: string[]) => execFileSync("git", ["-C", root, ...WHO, ...words], { stdio: "pipe" });

test.each([
  ["https://github.com/acme/shop.git", "acme/shop"],
  ["https://github.com/acme/shop", "acme/shop"],
  ["git@github.com:acme/shop.git", "acme/shop"],
  ["ssh://git@github.com/acme/shop.git", "acme/shop"],
  ["https://x-access-token:t0k3n@github.com/acme/shop", "acme/shop"],
  ["git@gitlab.com:acme/shop.git", undefined],
  ["../shop.git", undefined],
  ["https://github.com.example.com/acme/shop", undefined],
])("an origin at %s", (url, repository) => {
  git("init", "-q", "-b", "main");
  git("remote", "add", "upstream", "https://github.com/other/one");
  git("remote", "add", "origin", url);
  expect(gitOrigin(root).repository).toBe(repository);
});

test.each([
  ["https://github.com/acme/shop.git", "github-actions"],
  ["git@gitlab.com:acme/shop.git", "gitlab"],
  ["https://oauth2:t0k3n@gitlab.com/acme/group/shop.git", "gitlab"],
  ["ssh://git@gitlab.example.com:2222/acme/shop.git", "gitlab"],
  ["git@bitbucket.org:gitlab/shop.git", undefined],
  ["../gitlab/shop.git", undefined],
  ["/srv/git/gitlab.com/shop.git", undefined],
])("the pipelines of an origin at %s", (url, ci) => {
  git("init", "-q", "-b", "main");
  git("remote", "add", "origin", url);
  expect(gitOrigin(root).ci).toBe(ci);
});

test("the branch that a clone names goes before the one that is checked out", () => {
  git("init", "-q", "-b", "feature");
  git("commit", "-q", "--allow-empty", "-m", "a");
  expect(gitOrigin(root)).toEqual({});
  git("branch", "master");
  expect(gitOrigin(root)).toEqual({ branch: "master" });
  git("pack-refs", "--all");
  expect(gitOrigin(root)).toEqual({ branch: "master" });
  git("update-ref", "refs/remotes/origin/develop", "HEAD");
  git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop");
  expect(gitOrigin(root)).toEqual({ branch: "develop" });
});

test("a branch without a commit, a second working tree, a folder below", () => {
  git("init", "-q", "-b", "trunk");
  expect(gitOrigin(root)).toEqual({ branch: "trunk" });
  git("remote", "add", "origin", "https://github.com/acme/shop");
  git("commit", "-q", "--allow-empty", "-m", "a");
  git("worktree", "add", "-q", "-b", "other", join(root, "second"));
  mkdirSync(join(root, "second/api"));
  expect(gitOrigin(join(root, "second/api"))).toEqual({
    repository: "acme/shop",
    branch: "trunk",
    ci: "github-actions",
  });
});

test("no history, and files of git that are none", () => {
  expect(gitOrigin(join(root, "nowhere"))).toEqual({});
  writeFileSync(join(root, ".git"), "what is this");
  expect(gitOrigin(root)).toEqual({});
});
