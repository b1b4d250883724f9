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
import { useUpdateMe } from "@/features/profile/api/mutations";
import type { User } from "@/lib/api/types";
import { showServerErrors } from "@/lib/forms";
import { languages, setLanguage } from "@/lib/i18n";
import { showToast } from "@/lib/toast";

export function PersonCard({ user }: { user: User }) {
  const { t } = useTranslation("profile");
  const update = useUpdateMe();
  const [problem, setProblem] = useState<string | null>(null);
  const schema = z.object({ name: z.string().trim().min(1, t("person.nameMissing")), locale: z.string(), time_zone: z.string() });
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { name: user.name, locale: user.locale, time_zone: user.time_zone ?? "" },
  });
  const { errors, isSubmitting, isDirty } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      await update.mutateAsync({ name: values.name, locale: values.locale, time_zone: values.time_zone === "" ? null : values.time_zone });
      setLanguage(values.locale);
      form.reset(values);
      showToast({ text: t("common:action.saved"), tone: "success" });
    } catch (error) {
      setProblem(showServerErrors(error, form.setError, { "/name": "name", "/locale": "locale", "/time_zone": "time_zone" }));
    }
  });
  return (
    <Card title={t("person.title")}>
      <form onSubmit={submit} noValidate className="grid gap-4 sm:grid-cols-2">
        <Field label={t("person.name")} error={errors.name?.message} className="sm:col-span-2">
          <Input {...form.register("name")} autoComplete="name" />
        </Field>
        <Field label={t("person.language")} error={errors.locale?.message}>
          <Select {...form.register("locale")}>
            {languages.map(({ code, name }) => (
              <option key={code} value={code} lang={code}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("person.zone")} hint={t("person.zoneHint")} error={errors.time_zone?.message}>
          <ZoneSelect {...form.register("time_zone")} defaultValue={user.time_zone ?? ""} inherit={t("person.browserZone")} />
        </Field>
        <div className="grid gap-3 sm:col-span-2">
          <FormError>{problem}</FormError>
          <Button type="submit" variant="primary" busy={isSubmitting} disabled={!isDirty} className="justify-self-end">
            {t("common:action.save")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
