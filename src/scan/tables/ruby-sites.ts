/** A program of Ruby that makes a folder of pages: known by its gem. */
export interface RubySite {
  id: string;
  gems: readonly string[];
  build: string;
  output: string;
  /** Where a file of its own names another folder. */
  setting?: { file: string; pattern: RegExp };
}

export const RUBY_SITES: readonly RubySite[] = [
  {
    id: "middleman",
    gems: ["middleman", "middleman-cli", "middleman-core"],
    build: "bundle exec middleman build",
    output: "build",
    setting: { file: "config.rb", pattern: /^[^\S\n]*set\s*\(?\s*:build_dir\s*,\s*["']([^"'\n]+)["']/gm },
  },
  {
    id: "bridgetown",
    gems: ["bridgetown", "bridgetown-core"],
    build: "bin/bridgetown deploy",
    output: "output",
  },
  { id: "nanoc", gems: ["nanoc"], build: "bundle exec nanoc compile", output: "output" },
];
