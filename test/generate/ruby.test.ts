import { expect, test } from "vitest";
import { dockerfile } from "../../src/generate/kinds/dockerfile/kind.ts";
import { githubActions } from "../../src/generate/kinds/github-actions/kind.ts";
import { render } from "../../src/generate/render.ts";
import { planOf } from "./scan-and-plan.ts";

const OLD_RAILS = {
  Gemfile:
    'source "https://rubygems.org"\nruby "2.7.8"\ngem "rails", "~> 5.2"\ngem "pg"\ngem "uglifier"\ngem "rspec-rails"\n',
  "Gemfile.lock": "GEM\n  specs:\n    pg (1.5.9)\n    rails (5.2.8)\n",
  "config/application.rb": "module Shop\n  class Application < Rails::Application\n  end\nend\n",
  "config.ru": "run Rails.application\n",
  Procfile: "web: bundle exec puma\n",
};

test("the image and the tests of an old Rails application have its Ruby, and Node for its gems", () => {
  const made = render(planOf(OLD_RAILS), [dockerfile, githubActions]);
  const image = made.get("Dockerfile")?.text ?? "";
  expect(image.match(/^FROM ruby:2\.7\.8-slim-bullseye/gm)).toHaveLength(2);
  expect(image.match(/apt-get install .* nodejs/g)).toHaveLength(2);
  const checks = made.get(".github/workflows/ci.yml")?.text ?? "";
  expect(checks).toContain("container: ruby:2.7.8-slim-bullseye");
  expect(checks).toMatch(/apt-get install .* nodejs/);
});
