import { stringAt } from "../../../formats/document.ts";
import { folderOf, joinPath } from "../../../formats/tree.ts";
import { filesNamed } from "./names.ts";
import { type Platform, seenIn } from "./platform.ts";
import { tellDockerfile } from "./tell.ts";
import { textsAt } from "./texts.ts";

/** `captain-definition` of CapRover. */
export const captain: Platform = {
  id: "caprover",
  reads: ["captain-definition"],
  find: (snapshot) => filesNamed(snapshot, "captain-definition"),
  read(site) {
    for (const file of site.files) {
      const document = site.snapshot.json(file);
      const seen = seenIn(file, document);
      const about = site.about(file, folderOf(file));
      const path = stringAt(document.value, ["dockerfilePath"]);
      if (path !== undefined)
        tellDockerfile(site, about, joinPath(folderOf(file), `./${path}`), seen("dockerfilePath"));
      const [, name = "", version] =
        /^(node|python|ruby|php)\/(\d[\d.]*)$/.exec(stringAt(document.value, ["templateId"]) ?? "") ?? [];
      if (version !== undefined) about.claim("runtime", { name, version }, { ...seen("templateId"), rule: "template" });
      const from = textsAt(document.value, ["dockerfileLines"]).findIndex((line) => /^FROM\s/i.test(line));
      if (from !== -1)
        about.miss("dockerfile", "has its Dockerfile inside captain-definition", seen("dockerfileLines", from));
    }
  },
};
