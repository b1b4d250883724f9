import { useState } from "react";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form_error";
import { Input, Select } from "@/components/ui/input";
import { ZoneSelect } from "@/components/ui/zone_select";
import { ColorField } from "@/features/settings/components/color_field";
import { approvalPolicies, useSaveBrand } from "@/features/settings/api/mutations";
import type { Brand } from "@/lib/api/types";
import { showServerErrors } from "@/lib/forms";
import { showToast } from "@/lib/toast";
import { useWorkspace } from "@/lib/workspace/context";

export function BrandDialog({ brand, onClose }: { brand: Brand | null; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const workspace = useWorkspace();
  const save = useSaveBrand(workspace.id);
  const [problem, setProblem] = useState<string | null>(null);
  const schema = z.object({
    name: z.string().trim().min(1, t("brands.nameMissing")),
    time_zone: z.string(),
    color: z.string(),
    approval_policy: z.enum(approvalPolicies),
  });
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: {
      name: brand?.name ?? "",
      time_zone: brand?.time_zone ?? "",
      color: brand?.color ?? "",
      approval_policy: brand?.approval_policy ?? "none",
    },
  });
  const { errors, isSubmitting } = form.formState;
  const color = useWatch({ control: form.control, name: "color" });
  const submit = form.handleSubmit(async ({ name, time_zone, color, approval_policy }) => {
    setProblem(null);
    try {
      await save.mutateAsync({
        brand,
        input: { name, time_zone: time_zone === "" ? null : time_zone, color: color === "" ? null : color, approval_policy },
      });
      showToast({ text: t("common:action.saved"), tone: "success" });
      onClose();
    } catch (error) {
      setProblem(
        showServerErrors(error, form.setError, {
          "/name": "name",
          "/time_zone": "time_zone",
          "/color": "color",
          "/approval_policy": "approval_policy",
        }),
      );
    }
  });
  return (
    <Dialog open onOpenChange={onClose} title={brand === null ? t("brands.add") : t("brands.editOf", { name: brand.name })}>
      <form onSubmit={submit} noValidate className="grid gap-4">
        <Field label={t("brands.name")} error={errors.name?.message}>
          <Input {...form.register("name")} autoFocus />
        </Field>
        <Field label={t("brands.zone")} error={errors.time_zone?.message}>
          <ZoneSelect
            {...form.register("time_zone")}
            defaultValue={brand?.time_zone ?? ""}
            inherit={t("brands.inherits", { zone: workspace.time_zone })}
          />
        </Field>
        <ColorField
          value={color}
          error={errors.color?.message}
          onChange={(value) => form.setValue("color", value, { shouldDirty: true })}
        />
        <Field label={t("brands.policy")} hint={t("brands.policyHint")} error={errors.approval_policy?.message}>
          <Select {...form.register("approval_policy")}>
            {approvalPolicies.map((policy) => (
              <option key={policy} value={policy}>
                {t(`brands.policy_${policy}`)}
              </option>
            ))}
          </Select>
        </Field>
        <FormError>{problem}</FormError>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common:action.cancel")}</Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            {t("common:action.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
