import { useState } from "react";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form_error";
import { Input, Select } from "@/components/ui/input";
import { ZoneSelect } from "@/components/ui/zone_select";
import { useUpdateWorkspace } from "@/features/settings/api/mutations";
import { showServerErrors } from "@/lib/forms";
import { showToast } from "@/lib/toast";
import { useWorkspace } from "@/lib/workspace/context";

const weekStarts = ["monday", "sunday", "saturday"] as const;
// The server's own limit: a week.
const longestGraceMinutes = 10_080;

export default function WorkspacePage() {
  const { t } = useTranslation("settings");
  const workspace = useWorkspace();
  const update = useUpdateWorkspace();
  const [problem, setProblem] = useState<string | null>(null);
  const schema = z.object({
    name: z.string().trim().min(1, t("workspace.nameMissing")),
    time_zone: z.string(),
    week_start: z.string(),
    grace_minutes: z
      .number(t("workspace.graceWrong"))
      .int()
      .min(1, t("workspace.graceWrong"))
      .max(longestGraceMinutes, t("workspace.graceWrong")),
  });
  const form = useForm({
    resolver: zodResolver(schema),
    // Another person's change shows here as long as nothing is typed over it.
    values: {
      name: workspace.name,
      time_zone: workspace.time_zone,
      week_start: workspace.week_start,
      grace_minutes: workspace.grace_minutes,
    },
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isSubmitting, isDirty } = form.formState;
  const submit = form.handleSubmit(async (change) => {
    setProblem(null);
    try {
      await update.mutateAsync({ workspace, change });
      form.reset(change);
      showToast({ text: t("common:action.saved"), tone: "success" });
    } catch (error) {
      setProblem(
        showServerErrors(error, form.setError, {
          "/name": "name",
          "/time_zone": "time_zone",
          "/week_start": "week_start",
          "/grace_minutes": "grace_minutes",
        }),
      );
    }
  });
  return (
    <Card>
      <form onSubmit={submit} noValidate className="grid gap-4">
        <Field label={t("workspace.name")} error={errors.name?.message}>
          <Input {...form.register("name")} />
        </Field>
        <Field label={t("workspace.zone")} hint={t("workspace.zoneHint")} error={errors.time_zone?.message}>
          <ZoneSelect {...form.register("time_zone")} defaultValue={workspace.time_zone} />
        </Field>
        <Field label={t("workspace.weekStart")} error={errors.week_start?.message}>
          <Select {...form.register("week_start")}>
            {weekStarts.map((day) => (
              <option key={day} value={day}>
                {t(`workspace.${day}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("workspace.grace")} hint={t("workspace.graceHint")} error={errors.grace_minutes?.message}>
          <Input
            type="number"
            min={1}
            max={longestGraceMinutes}
            {...form.register("grace_minutes", { valueAsNumber: true })}
            className="max-w-32"
          />
        </Field>
        <FormError>{problem}</FormError>
        <Button type="submit" variant="primary" busy={isSubmitting} disabled={!isDirty} className="justify-self-end">
          {t("common:action.save")}
        </Button>
      </form>
    </Card>
  );
}
