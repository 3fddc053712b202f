import type { Gap } from "../../contract/scan.ts";
import type { Evidence } from "../fact.ts";
import type { GapSite } from "./site.ts";

/** What a rule found, before its service and its team are told. */
export interface Found {
  evidence: Evidence[];
  patch?: { file: string; text: string } | undefined;
  /** Where the team is not the one of the code. */
  to?: Gap["to"];
}

/** A rule about one thing that a service may lack. Pure. */
export interface GapRule {
  id: string;
  title: string;
  /** One sentence with what comes of it. */
  why: string;
  find(site: GapSite): Found | undefined;
}
