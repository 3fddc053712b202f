import { expect, test } from "vitest";
import { factsBy, lines, valuesBy } from "../python/testing.ts";
import { rubyCollector } from "./index.ts";

type Files = Record<string, string>;

const RAILS: Files = {
  Gemfile: lines(
    'source "https://rubygems.org"',
    'ruby "3.3.4"',
    'gem "rails", "~> 7.1"',
    'gem "pg", "~> 1.5"',
    'gem "puma", ">= 5.0"',
    'gem "propshaft"',
    "group :development, :test do",
    '  gem "rspec-rails"',
    "end",
  ),
  "Gemfile.lock": lines(
    "GEM",
    "  specs:",
    "    rails (7.1.3)",
    "",
    "RUBY VERSION",
    "   ruby 3.3.4p94",
    "",
    "BUNDLED WITH",
    "   2.5.0",
  ),
  "config.ru": 'require_relative "config/environment"\nrun Rails.application\n',
  "config/application.rb": lines(
    'require "rails/all"',
    "module Shop",
    "  class Application < Rails::Application",
    "  end",
    "end",
  ),
  "config/puma.rb": lines(
    "threads_count = ENV.fetch('RAILS_MAX_THREADS') { 5 }",
    "# port 9999",
    'port ENV.fetch("PORT") { 3000 }',
  ),
  "app/controllers/application_controller.rb": "class ApplicationController; end",
};
const SINATRA = lines('require "sinatra"', "get '/' do", "  'hello'", "end");

test.each<[string, Files, Record<string, unknown>]>([
  [
    "Rails with puma",
    RAILS,
    {
      language: "Ruby",
      runtime: { name: "ruby", version: "3.3.4" },
      packageManager: "bundler",
      install: "bundle install",
      framework: "rails",
      kind: "web",
      start: "bundle exec puma -C config/puma.rb",
      port: 3000,
      build: "bundle exec rails assets:precompile",
      test: "bundle exec rspec",
      "native.libpq5": { package: "libpq5" },
    },
  ],
  [
    "Rails for an interface alone",
    { ...RAILS, "config/application.rb": "class Application < Rails::Application\n  config.api_only = true\nend" },
    { framework: "rails", kind: "api" },
  ],
  [
    "Rails with bundled scripts",
    { ...RAILS, "package.json": '{"scripts":{"build":"esbuild"},"devDependencies":{"esbuild":"1"}}' },
    {
      language: "Ruby",
      framework: "rails",
      build: "bundle exec rails assets:precompile",
      start: "bundle exec puma -C config/puma.rb",
    },
  ],
  [
    "Rails without settings of puma",
    {
      Gemfile: 'gem "rails"\ngem "puma"\n',
      "config/application.rb": "class A < Rails::Application\nend",
      "bin/rails": "",
    },
    { start: "bin/rails server -b 0.0.0.0 -p ${PORT:-3000}", port: 3000 },
  ],
  [
    "Rails with unicorn",
    {
      Gemfile: 'gem "rails"\ngem "unicorn"\n',
      "config/application.rb": "class A < Rails::Application\nend",
      "config/unicorn.rb": 'listen ENV["PORT"] || 5000, backlog: 64\n',
    },
    { start: "bundle exec unicorn -c config/unicorn.rb", port: 5000 },
  ],
  [
    "a port that puma binds",
    { ...RAILS, "config/puma.rb": `bind "tcp://0.0.0.0:#{ENV.fetch('PORT', 9090)}"\n` },
    { port: 9090, bind: "0.0.0.0" },
  ],
  [
    "a port by a name",
    { ...RAILS, "config/puma.rb": lines('app_port = ENV.fetch("PORT", 4321)', "port app_port") },
    { port: 4321 },
  ],
  [
    "Sidekiq with its settings",
    {
      ...RAILS,
      Gemfile: `${RAILS.Gemfile}gem "sidekiq"\n`,
      "config/sidekiq.yml": ":queues: [default]",
      "app/jobs/mail_job.rb": "class MailJob\n  include Sidekiq::Job\nend",
    },
    { "process.worker": { name: "worker", command: "bundle exec sidekiq -C config/sidekiq.yml" } },
  ],
  [
    "Solid Queue by the program of Rails",
    { ...RAILS, Gemfile: `${RAILS.Gemfile}gem "solid_queue"\n`, "config/queue.yml": "default: {}", "bin/jobs": "" },
    { "process.worker": { name: "worker", command: "bin/jobs" } },
  ],
  [
    "GoodJob",
    {
      ...RAILS,
      Gemfile: `${RAILS.Gemfile}gem "good_job"\n`,
      "config/application.rb": "class A < Rails::Application\n  config.active_job.queue_adapter = :good_job\nend",
    },
    { "process.worker": { name: "worker", command: "bundle exec good_job start" } },
  ],
  [
    "Resque",
    { ...RAILS, Gemfile: `${RAILS.Gemfile}gem "resque"\n`, "app/jobs/a.rb": "class A\n  @queue = :mail\nend" },
    { "process.worker": { name: "worker", command: "QUEUE=* bundle exec rake resque:work" } },
  ],
  [
    "Rails' own tests",
    {
      Gemfile: 'gem "rails"',
      "config/application.rb": "class A < Rails::Application\nend",
      "test/models/user_test.rb": "",
    },
    { test: "bundle exec rails test" },
  ],
  [
    "Sinatra as a program",
    { Gemfile: 'gem "sinatra"\ngem "puma"\n', "app.rb": SINATRA },
    { framework: "sinatra", kind: "api", start: "bundle exec ruby app.rb -o 0.0.0.0 -p ${PORT:-4567}", port: 4567 },
  ],
  [
    "Sinatra with a port in the code",
    { Gemfile: 'gem "sinatra"\n', "app.rb": `${SINATRA}set :port, ENV.fetch("PORT", 8081)\nset :bind, "0.0.0.0"\n` },
    { start: "bundle exec ruby app.rb", port: 8081, bind: "0.0.0.0" },
  ],
  [
    "Sinatra by rackup",
    {
      Gemfile: 'gem "sinatra"\ngem "puma"\n',
      "app.rb": 'require "sinatra/base"\nclass App < Sinatra::Base\nend\n',
      "config.ru": "require './app'\nrun App\n",
      "views/index.erb": "",
    },
    { framework: "sinatra", kind: "web", start: "bundle exec puma -p ${PORT:-9292}", port: 9292 },
  ],
  [
    "Rack without a server",
    { Gemfile: 'gem "rack"\n', "config.ru": "run ->(env) { [200, {}, ['ok']] }\n" },
    { framework: "rack", start: "bundle exec rackup --host 0.0.0.0 --port ${PORT:-9292}" },
  ],
  [
    "Hanami",
    {
      Gemfile: 'gem "hanami", "~> 2.1"\ngem "puma"\n',
      "config/app.rb": "class App < Hanami::App\nend",
      "config.ru": "run Hanami.app\n",
    },
    { framework: "hanami", kind: "web" },
  ],
  [
    "Roda before Rack",
    {
      Gemfile: 'gem "roda"\ngem "rack"\ngem "puma"\n',
      "app.rb": "class App < Roda\nend",
      "config.ru": "run App.freeze.app\n",
      "config/puma.rb": "port 8080\n",
    },
    { framework: "roda", start: "bundle exec puma -C config/puma.rb", port: 8080 },
  ],
  [
    "a bot",
    { Gemfile: 'gem "discordrb"\n', "bot.rb": 'require "discordrb"\nbot = Discordrb::Bot.new token: x\nbot.run\n' },
    { language: "Ruby", kind: "worker", start: "bundle exec ruby bot.rb" },
  ],
  [
    "a gem",
    { "shop.gemspec": "spec.required_ruby_version = '>= 3.1'", "lib/shop.rb": "", Gemfile: "gemspec\n" },
    { kind: "library", runtime: { name: "ruby", version: ">= 3.1" } },
  ],
  [
    "a gem with programs",
    { "shop.gemspec": 'spec.executables = ["shop"]', "lib/shop.rb": "", Gemfile: "gemspec\n" },
    { kind: "cli" },
  ],
  [
    "Jekyll",
    { Gemfile: 'gem "jekyll"\n', "_config.yml": "", "_plugins/x.rb": "" },
    { language: "Ruby", packageManager: "bundler" },
  ],
  [
    ".ruby-version with a name",
    {
      ...RAILS,
      Gemfile: 'gem "rails"\nruby file: ".ruby-version"\n',
      ".ruby-version": "ruby-3.2.2\n",
      "Gemfile.lock": "",
    },
    { runtime: { name: "ruby", version: "3.2.2" } },
  ],
  [
    "a range in the Gemfile, a version in the lock",
    {
      Gemfile: 'ruby "~> 3.2"\ngem "rails"\n',
      "Gemfile.lock": lines("RUBY VERSION", "   ruby 3.2.5p208"),
      "config/application.rb": "Rails",
    },
    { runtime: { name: "ruby", version: "3.2.5" } },
  ],
  [
    "a broken Gemfile",
    { Gemfile: 'gem "rails\ngem "puma"\n\u0000', "config/application.rb": "class A < Rails::Application\nend" },
    { language: "Ruby", framework: "rails" },
  ],
])("%s", (_, files, expected) => {
  expect(valuesBy(rubyCollector, files)).toMatchObject(expected);
});

test.each<[string, Files, string]>([
  [
    "a gem for tests",
    { Gemfile: 'gem "rake"\ngroup :test do\n  gem "sinatra"\nend\n', "lib/tool.rb": "" },
    "framework",
  ],
  ["a comment", { Gemfile: '# gem "rails"\ngem "rake"\n', "lib/tool.rb": "" }, "framework"],
  ["a Gemfile of tools for a phone", { Gemfile: 'gem "fastlane"\n', "package.json": "{}" }, "language"],
  ["Jekyll", { Gemfile: 'gem "jekyll"\n', "_config.yml": "" }, "start"],
  [
    "jobs in the web server",
    {
      ...RAILS,
      Gemfile: `${RAILS.Gemfile}gem "solid_queue"\n`,
      "config/queue.yml": "",
      "config/puma.rb": "port 3000\nplugin :solid_queue\n",
    },
    "process.worker",
  ],
  ["a queue that nobody uses", { ...RAILS, Gemfile: `${RAILS.Gemfile}gem "sidekiq"\n` }, "process.worker"],
  [
    "an engine",
    {
      "shop.gemspec": 's.add_dependency "rails", ">= 7"',
      Gemfile: "gemspec\n",
      "lib/shop/engine.rb": "class Engine < ::Rails::Engine; end",
    },
    "framework",
  ],
])("%s is a decoy", (_, files, fact) => {
  expect(valuesBy(rubyCollector, files)).not.toHaveProperty([fact]);
});

test("engines of the repository", () => {
  const files = {
    ...RAILS,
    Gemfile: `${RAILS.Gemfile}gem "billing", path: "engines/billing"\npath "engines" do\n  gem "stock"\nend\n`,
    "engines/billing/Gemfile": "gemspec\n",
    "engines/stock/Gemfile": "gemspec\n",
  };
  expect(valuesBy(rubyCollector, files)).toMatchObject({
    "internal.engines/billing": { path: "engines/billing" },
    "internal.engines/stock": { path: "engines/stock" },
  });
});

test("evidence and the other way to start", () => {
  const facts = factsBy(rubyCollector, { ...RAILS, "bin/rails": "" });
  expect(facts.get("framework")?.evidence[0]).toMatchObject({ file: "Gemfile", line: 3 });
  expect(facts.get("port")?.evidence[0]).toMatchObject({ file: "config/puma.rb", line: 3 });
  expect(facts.get("start")?.alternatives[0]?.value).toBe("bin/rails server -b 0.0.0.0 -p ${PORT:-3000}");
});
