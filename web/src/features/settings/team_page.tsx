import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error_state";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import { useRemoveMember, useUpdateMember } from "@/features/settings/api/mutations";
import { membersQuery, rolesQuery } from "@/lib/api/queries";
import { roleOf } from "@/lib/workspace/read";
import type { Member, Role } from "@/lib/api/types";
import { showToast, toastError } from "@/lib/toast";
import { useBrands, useCan, useSessionUser, useWorkspace } from "@/lib/workspace/context";

export default function TeamPage() {
  const { t } = useTranslation("settings");
  const workspace = useWorkspace();
  const members = useQuery(membersQuery(workspace.id));
  const roles = useQuery(rolesQuery(workspace.id));
  const [removing, setRemoving] = useState<Member | null>(null);
  if (members.isPending || roles.isPending) return <Skeleton className="h-14" />;
  if (members.isError) return <ErrorState error={members.error} onRetry={() => void members.refetch()} />;
  return (
    <Card title={t("team.count", { count: members.data.length })}>
      <ul className="divide-y divide-hairline">
        {members.data.map((member) => (
          <Row key={member.user_id} member={member} roles={roles.data ?? []} onRemove={() => setRemoving(member)} />
        ))}
      </ul>
      {removing !== null && <RemoveMember member={removing} onClose={() => setRemoving(null)} />}
    </Card>
  );
}

function Row({ member, roles, onRemove }: { member: Member; roles: Role[]; onRemove: () => void }) {
  const { t } = useTranslation("settings");
  const workspace = useWorkspace();
  const me = useSessionUser();
  const brands = useBrands();
  const mayManage = useCan("users.manage") && member.user_id !== me?.id;
  const update = useUpdateMember(workspace.id);
  const role = roleOf(member, roles);
  const inBrands = member.brand_roles.map(({ brand_id, role_id }) => ({
    brand: brands.find(({ id }) => id === brand_id)?.name ?? t("team.otherBrand"),
    role: roles.find(({ id }) => id === role_id)?.name ?? "",
  }));
  return (
    <li className="flex flex-wrap items-center gap-3 py-3">
      <Avatar name={member.name} />
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium">{member.name}</span>
          {member.user_id === me?.id && <Badge>{t("team.you")}</Badge>}
          {member.status !== "active" && <Badge tone="warning">{t(`team.status_${member.status}`, { defaultValue: member.status })}</Badge>}
        </p>
        <p className="truncate text-sm text-muted">{member.email}</p>
        {inBrands.map((entry) => (
          <p key={entry.brand} className="text-sm text-muted">
            {t("team.inBrand", entry)}
          </p>
        ))}
      </div>
      {mayManage ? (
        <>
          <Field label={t("team.roleOf", { name: member.name })} hideLabel className="w-40">
            <Select
              value={role?.id ?? ""}
              disabled={update.isPending}
              onChange={(event) =>
                update.mutate(
                  { user: member.user_id, role_id: event.target.value },
                  { onError: toastError, onSuccess: () => showToast({ text: t("common:action.saved"), tone: "success" }) },
                )
              }
            >
              {role === null && <option value="">{t("team.noRole")}</option>}
              {roles.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
          <Button variant="ghost" size="sm" aria-label={t("team.removeOf", { name: member.name })} onClick={onRemove}>
            {t("common:action.remove")}
          </Button>
        </>
      ) : (
        <Badge>{role?.name ?? t("team.noRole")}</Badge>
      )}
    </li>
  );
}

function RemoveMember({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const workspace = useWorkspace();
  const remove = useRemoveMember(workspace.id);
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t("team.removeTitle", { name: member.name, workspace: workspace.name })}
      description={t("team.removeAbout")}
      confirmLabel={t("common:action.remove")}
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(member.user_id, {
          onSuccess: () => {
            showToast({ text: t("team.removed", { name: member.name }) });
            onClose();
          },
          onError: toastError,
        })
      }
    />
  );
}
