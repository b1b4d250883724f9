import { useState } from "react";
import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form_error";
import { Input } from "@/components/ui/input";
import { ZoneSelect } from "@/components/ui/zone_select";
import { createInstallation } from "@/features/setup/api";
import type { AccountValues } from "@/features/setup/components/account_step";
import { isApiError } from "@/lib/api/error";
import { keys } from "@/lib/api/keys";
import { session } from "@/lib/api/session";
import { showServerErrors } from "@/lib/forms";
import { ownZone } from "@/lib/zoned";

const accountFields = new Set(["/name", "/email", "/password", "/setup_token"]);

export type WorkspaceStepProps = {
  account: AccountValues;
  onBack: () => void;
  // The server objects to something of the step before.
  onRefused: (error: unknown) => void;
  onDone: () => void;
};

export function WorkspaceStep({ account, onBack, onRefused, onDone }: WorkspaceStepProps) {
  const { t } = useTranslation("setup");
  const client = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const schema = z.object({ workspace_name: z.string().trim().min(1, t("workspace.nameMissing")), time_zone: z.string() });
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { workspace_name: "", time_zone: ownZone() } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      const answer = await createInstallation({ ...account, ...values });
      // First this step's successor, then the news: the page would leave otherwise.
      onDone();
      session.signedIn(answer);
      await client.invalidateQueries({ queryKey: keys.setup });
    } catch (error) {
      const ofAccount =
        isApiError(error) && (error.errors.some(({ field }) => accountFields.has(field)) || error.code === "setup_token_required");
      if (ofAccount) onRefused(error);
      else setProblem(showServerErrors(error, form.setError, { "/workspace_name": "workspace_name", "/time_zone": "time_zone" }));
    }
  });
  return (
    <Card as="div">
      <form onSubmit={submit} noValidate className="grid gap-4">
        <Field label={t("workspace.name")} hint={t("workspace.nameHint")} error={errors.workspace_name?.message}>
          <Input {...form.register("workspace_name")} autoComplete="organization" autoFocus />
        </Field>
        <Field label={t("workspace.zone")} hint={t("workspace.zoneHint")} error={errors.time_zone?.message}>
          <ZoneSelect {...form.register("time_zone")} defaultValue={form.getValues("time_zone")} />
        </Field>
        <FormError>{problem}</FormError>
        <div className="flex justify-between gap-2">
          <Button onClick={onBack}>{t("common:action.back")}</Button>
          <Button type="submit" variant="primary" busy={isSubmitting}>
            {t("workspace.submit")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
