import { isRecord, listAt, type Place } from "../../../formats/document.ts";
import { attributeOf, blocksOf, type HclBlock } from "../../../formats/hcl/read.ts";
import { hclValue } from "../../../formats/hcl/value.ts";
import type { LintFile } from "../../lint-file.ts";
import { type Resource, textOf } from "./module.ts";

/** A statement of a policy of IAM; lists hold what is written out, `${…}` included. */
export interface Statement {
  place: Place;
  allows: boolean;
  actions: string[];
  resources: string[];
  /** Whether it says who may: in policies of a resource, and of trust. */
  hasPrincipals: boolean;
  /** Its text, to see what it refers to. */
  text: string;
  conditions: { variable: string; values: string[] }[];
  /** Whether a part of it is only known in a run. */
  open: boolean;
}

/** Attributes that hold a policy as JSON. */
const JSON_POLICIES = ["policy", "assume_role_policy", "inline_policy"];

/** The statements that a resource or a policy document holds. */
export function statementsOf({ file, block, type }: Resource): Statement[] {
  if (type === "aws_iam_policy_document") return blocksOf(block.body, "statement").map((part) => ofBlock(file, part));
  return JSON_POLICIES.flatMap((name) => {
    const attribute = attributeOf(block.body, name);
    if (!attribute) return [];
    const value = parsed(hclValue(attribute.text));
    const list = isRecord(value) ? [value.Statement].flat() : [];
    return list.filter(isRecord).map((statement) => ofJson(statement, attribute, attribute.text));
  });
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function ofBlock(file: LintFile, block: HclBlock): Statement {
  const listOf = (name: string, body = block.body) => {
    const attribute = attributeOf(body, name);
    const value = attribute ? hclValue(attribute.text) : [];
    return { values: texts(value), open: attribute !== undefined && !isWritten(value) };
  };
  const actions = listOf("actions");
  const resources = listOf("resources");
  return {
    place: block,
    allows: texts(hclValue(attributeOf(block.body, "effect")?.text ?? '"Allow"'))[0] !== "Deny",
    actions: actions.values,
    resources: resources.values,
    hasPrincipals: [...blocksOf(block.body, "principals"), ...blocksOf(block.body, "not_principals")].length > 0,
    text: textOf({ file, block }),
    conditions: blocksOf(block.body, "condition").map(({ body }) => ({
      variable: String(hclValue(attributeOf(body, "variable")?.text ?? "") ?? ""),
      values: listOf("values", body).values,
    })),
    open: actions.open || resources.open || block.body.blocks.some(({ type }) => type === "dynamic"),
  };
}

function ofJson(statement: Record<string, unknown>, place: Place, text: string): Statement {
  const conditions = isRecord(statement.Condition) ? Object.values(statement.Condition).filter(isRecord) : [];
  return {
    place,
    allows: statement.Effect !== "Deny",
    actions: texts(statement.Action),
    resources: texts(statement.Resource),
    hasPrincipals: statement.Principal !== undefined || "Principal" in statement,
    text,
    conditions: conditions.flatMap((test) =>
      Object.entries(test).map(([variable, values]) => ({ variable, values: texts(values) })),
    ),
    open: !isWritten(statement.Action) || !isWritten(statement.Resource),
  };
}

function texts(value: unknown): string[] {
  return (typeof value === "string" ? [value] : listAt(value)).filter((item) => typeof item === "string");
}

function isWritten(value: unknown): boolean {
  return Array.isArray(value) ? value.every((item) => item !== undefined) : value !== undefined;
}
