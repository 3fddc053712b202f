import { expr, type HclBlock, template } from "../../../../formats/hcl/write.ts";
import type { PlannedService } from "../../../plan.ts";
import { commented, data, nested, resource } from "../blocks.ts";

const USER = 10_001;

/** Folders that outlive a release, on a file system that every zone reaches. */
export function fileSystem({ name, state }: PlannedService, id: string): HclBlock[] {
  if (state.length === 0) return [];
  return [
    commented(
      "Files that outlive a release.",
      resource("aws_efs_file_system", id, { encrypted: true, tags: { Name: template(`\${local.name}-${name}`) } }, [
        nested("lifecycle", { prevent_destroy: true }),
      ]),
    ),
    resource("aws_efs_backup_policy", id, { file_system_id: expr(`aws_efs_file_system.${id}.id`) }, [
      nested("backup_policy", { status: "ENABLED" }),
    ]),
    resource("aws_efs_mount_target", id, {
      count: expr("length(local.zones)"),
      file_system_id: expr(`aws_efs_file_system.${id}.id`),
      subnet_id: expr("aws_subnet.private[count.index].id"),
      security_groups: [expr(`aws_security_group.${id}_files.id`)],
    }),
    ...state.map((path, index) =>
      resource("aws_efs_access_point", `${id}_${index}`, { file_system_id: expr(`aws_efs_file_system.${id}.id`) }, [
        nested("posix_user", { uid: USER, gid: USER }),
        nested("root_directory", { path: `/${path.replaceAll("/", "-")}` }, [
          nested("creation_info", { owner_uid: USER, owner_gid: USER, permissions: "0750" }),
        ]),
      ]),
    ),
    resource("aws_security_group", `${id}_files`, {
      name: template(`\${local.name}-${name}-files`),
      description: `Files of ${name}`,
      vpc_id: expr("aws_vpc.main.id"),
    }),
    resource("aws_vpc_security_group_ingress_rule", `${id}_files`, {
      security_group_id: expr(`aws_security_group.${id}_files.id`),
      referenced_security_group_id: expr(`aws_security_group.${id}.id`),
      description: `From ${name}`,
      ip_protocol: "tcp",
      from_port: 2_049,
      to_port: 2_049,
    }),
    data("aws_iam_policy_document", `${id}_files`, {}, [
      nested("statement", {
        actions: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        resources: [expr(`aws_efs_file_system.${id}.arn`)],
      }),
    ]),
    resource("aws_iam_role_policy", `${id}_files`, {
      role: expr(`aws_iam_role.${id}_task.id`),
      policy: expr(`data.aws_iam_policy_document.${id}_files.json`),
    }),
  ];
}

/** The volumes of a task. */
export function stateVolumes({ state }: PlannedService, id: string): HclBlock[] {
  return state.map((_, index) =>
    nested("volume", { name: `state-${index}` }, [
      nested(
        "efs_volume_configuration",
        { file_system_id: expr(`aws_efs_file_system.${id}.id`), transit_encryption: "ENABLED" },
        [
          nested("authorization_config", {
            access_point_id: expr(`aws_efs_access_point.${id}_${index}.id`),
            iam: "ENABLED",
          }),
        ],
      ),
    ]),
  );
}
