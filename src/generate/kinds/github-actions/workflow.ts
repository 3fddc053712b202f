import { yamlText } from "../../../formats/write-yaml.ts";
import { NOTE } from "../../note.ts";
import type { Pins } from "../../pins.ts";

export type Values = Record<string, unknown>;

/** A step of a job; keys in the order in which they are written. */
export interface WorkflowStep extends Values {
  name?: string;
  uses?: string;
  run?: string;
}

export const RUNNER = "ubuntu-24.04";

/** The text of a workflow; behind each pinned commit stands its version. */
export function workflowText(
  workflow: Values,
  {
    about,
    pins,
    comments = [],
  }: { about: string; pins: Pins; comments?: readonly (readonly [(string | number)[], string])[] },
): string {
  return pinned(yamlText(workflow, { header: [`${about} ${NOTE}`], spaced: true, comments }), pins);
}

/** The text with its version behind each pinned commit. */
export function pinned(text: string, pins: Pins): string {
  const versions = new Map(Object.values(pins.actions).map(({ commit, version }) => [commit, version]));
  return text.replace(/^(\s*(?:- )?uses: \S+@)([0-9a-f]{40})$/gm, (line, _, commit: string) => {
    const version = versions.get(commit);
    return version === undefined ? line : `${line} # ${version}`;
  });
}

/** An action at its pinned commit; undefined where the table has none, so that the job does without it. */
export function action({ actions }: Pins, name: string, path = ""): string | undefined {
  const pin = actions[name];
  return pin && `${name}${path}@${pin.commit}`;
}

/** The repository, without leaving the token in it. */
export function checkout(pins: Pins, more: Values = {}): WorkflowStep[] {
  const uses = action(pins, "actions/checkout");
  if (uses) return [{ uses, with: { ...more, "persist-credentials": false } }];
  return [
    {
      name: "Check out",
      run: 'git init --quiet\ngit fetch --quiet --depth 1 "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" "$GITHUB_SHA"\ngit checkout --quiet FETCH_HEAD\n',
    },
  ];
}

/** A step that runs a script; several lines as a block. */
export function script(name: string, run: string, more: Values = {}): WorkflowStep {
  return { name, ...more, run: run.includes("\n") ? `${run}\n` : run };
}

/** Scripts stop at the first command that fails, in pipes too. */
export const BASH = { run: { shell: "bash" } };
