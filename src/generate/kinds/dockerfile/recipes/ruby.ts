import type { Stage } from "../../../../formats/dockerfile/print.ts";
import { aptInstall, copy, env, HOME, listens, run, startsAs, workdir } from "../parts.ts";
import { copyFiles, present, type Site } from "../recipe.ts";

/** Folders that Rails writes to. */
const RAILS_FOLDERS = ["tmp", "log", "storage"];

/** Ruby: gems in a folder of their own, assets compiled where there are some. */
export function rubyRecipe(site: Site): Stage[] | undefined {
  const { service } = site;
  const image = site.image("ruby", service.runtime.version);
  if (image === undefined) return undefined;
  const rails = service.framework === "rails";
  const settings = "BUNDLE_DEPLOYMENT=1 BUNDLE_WITHOUT=development:test BUNDLE_PATH=/usr/local/bundle";
  const mode = rails ? "RAILS_ENV=production RAILS_LOG_TO_STDOUT=1" : "RACK_ENV=production";
  const folders = [...(rails ? RAILS_FOLDERS : []), ...service.state];
  return [
    {
      image,
      name: "build",
      instructions: [
        env(`${mode} ${settings}`),
        workdir(HOME),
        ...aptInstall(["build-essential", "git", "libpq-dev", "libyaml-dev", "pkg-config"]),
        ...copyFiles(present(site, ["Gemfile", "Gemfile.lock", ".ruby-version"])),
        run("bundle install\n&& rm -rf /usr/local/bundle/ruby/*/cache"),
        copy(". ."),
        // Assets are made without the real key: nothing that is secret belongs into a layer.
        ...(service.build ? [run(rails ? `SECRET_KEY_BASE_DUMMY=1 ${service.build}` : service.build)] : []),
      ],
    },
    {
      image,
      instructions: [
        env(`${mode} ${settings}`),
        workdir(HOME),
        ...aptInstall(service.native),
        copy("--from=build /usr/local/bundle /usr/local/bundle"),
        copy(`--from=build ${HOME} ${HOME}`),
        ...(folders.length > 0
          ? [run(`mkdir -p ${folders.join(" ")}\n&& chown -R 10001:10001 ${folders.join(" ")}`)]
          : []),
        ...listens(service),
        ...startsAs(service.start ?? "bundle exec rackup --host 0.0.0.0"),
      ],
    },
  ];
}
