import type { Kind } from "../../kind.ts";
import { deliveryOf } from "../../pipeline/targets/registry.ts";
import { targetNames } from "../target-names.ts";
import { jenkinsfileText } from "./text.ts";

/** The pipeline of Jenkins: checks, one build, staging, and production after a person agreed. */
export const jenkins: Kind = {
  id: "jenkins",
  title: "Jenkins",
  wanted: ({ ci }) => ci === "jenkins",
  render(given) {
    if (given.services.length === 0) return [];
    const plan = targetNames(given);
    const { needs, notes, stationmaster, login, images } = deliveryOf(plan, "production");
    const secrets = needs.filter(({ secret }) => secret);
    const settings = needs.filter(({ secret, default: value }) => !secret && value === undefined);
    const label = stationmaster ? "stationmaster" : "deploy";
    return [
      {
        path: "Jenkinsfile",
        text: jenkinsfileText(plan),
        ownership: "managed",
        why: `checks, scans${images ? ", one build" : ""}, staging, production after a person agreed`,
        notes: [
          `it needs the plugins Pipeline, Docker Pipeline and Credentials Binding, agents with the label docker, and one with the label ${label}`,
          "credentials of Jenkins: registry (user and token of the registry)" +
            [
              ...secrets.map(
                ({ name, what }) =>
                  `; ${name.toLowerCase().replaceAll("_", "-")}-staging and -production (secret text: ${what})`,
              ),
            ].join("") +
            (login ? "; cloud-token (OpenID Connect id token)" : ""),
          ...(settings.length > 0
            ? [`set on the agent: ${settings.map(({ name, what }) => `${name} (${what})`).join("; ")}`]
            : []),
          ...notes.filter((note) => !/self-hosted|STATIONMASTER_REPOSITORY/.test(note)),
        ],
      },
    ];
  },
};
