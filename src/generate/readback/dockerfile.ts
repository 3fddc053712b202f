import { readDockerfile } from "../../formats/dockerfile/read.ts";
import type { Plan } from "../plan.ts";
import { type Claim, NOTHING, type Said } from "./claim.ts";
import { probeClaims } from "./probe.ts";

/** EXPOSE, HEALTHCHECK and the port of CMD in the last stage. */
export function saidByDockerfile(path: string, text: string, { services }: Plan): Said {
  const service = services.find(({ dockerfile }) => dockerfile.path === path);
  if (!service) return NOTHING;
  const claims = (readDockerfile(text).stages.at(-1)?.instructions ?? []).flatMap(
    ({ keyword, words, argument, line }): Claim[] => {
      if (keyword === "EXPOSE")
        return words
          .slice(0, 1)
          .flatMap((word) =>
            /^\d+/.test(word) ? [{ service: service.name, field: "port", value: digits(word), line }] : [],
          );
      if (keyword === "HEALTHCHECK") return probeClaims(service.name, [argument.replaceAll('\\"', '"')], line);
      const port = keyword === "CMD" ? /\$\{PORT:-(\d+)\}/.exec(argument)?.[1] : undefined;
      return port === undefined ? [] : [{ service: service.name, field: "port", value: port, line }];
    },
  );
  return { claims, wirings: [] };
}

function digits(word: string): string {
  return word.replace(/\D.*$/, "");
}
