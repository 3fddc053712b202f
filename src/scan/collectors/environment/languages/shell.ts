import { matchesIn } from "../../../../formats/needed-words.ts";
import type { Found, Reader } from "../read.ts";

const EXPANSION = /\$\{([A-Z][A-Z0-9_]{2,}):?([-=?])([^}$`]*)\}/g;
/** Of the shell itself. */
const OWN =
  /^(?:BASH\w*|SHLVL|IFS|OPTARG|OPTIND|RANDOM|SECONDS|LINENO|EUID|UID|PPID|REPLY|PS\d|EDITOR|TERM|HOME|PATH|PWD)$/;

/** `${X:-default}` and `${X:?message}`: what a script takes from outside. */
export const readShell: Reader = (code) =>
  [...matchesIn(code, EXPANSION)].flatMap((match): Found[] => {
    const [, name = "", mark, value = ""] = match;
    if (OWN.test(name)) return [];
    if (mark === "?") return [{ name, at: match.index, rule: "shell", need: "must" }];
    const given = value.replace(/^(["'])(.*)\1$/, "$2");
    return [
      { name, at: match.index, rule: "shell", need: "soft", weight: 0.7, ...(given === "" ? {} : { default: given }) },
    ];
  });
