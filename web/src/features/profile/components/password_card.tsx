import { useState } from "react";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form_error";
import { Input } from "@/components/ui/input";
import { useChangePassword } from "@/features/profile/api/mutations";
import { showServerErrors } from "@/lib/forms";
import { showToast } from "@/lib/toast";

const empty = { current_password: "", new_password: "" };

export function PasswordCard({ email }: { email: string }) {
  const { t } = useTranslation("profile");
  const change = useChangePassword();
  const [problem, setProblem] = useState<string | null>(null);
  const schema = z.object({
    current_password: z.string().min(1, t("password.currentMissing")),
    new_password: z.string().min(1, t("password.newMissing")),
  });
  const form = useForm({ resolver: zodResolver(schema), defaultValues: empty });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    setProblem(null);
    try {
      await change.mutateAsync(values);
      form.reset(empty);
      showToast({ text: t("password.done"), tone: "success" });
    } catch (error) {
      setProblem(showServerErrors(error, form.setError, { "/current_password": "current_password", "/new_password": "new_password" }));
    }
  });
  return (
    <Card title={t("password.title")}>
      <form onSubmit={submit} noValidate className="grid gap-4 sm:grid-cols-2">
        <input type="hidden" autoComplete="username" value={email} readOnly />
        <Field label={t("password.current")} error={errors.current_password?.message}>
          <Input {...form.register("current_password")} type="password" autoComplete="current-password" />
        </Field>
        <Field label={t("password.new")} hint={t("password.hint")} error={errors.new_password?.message}>
          <Input {...form.register("new_password")} type="password" autoComplete="new-password" />
        </Field>
        <div className="grid gap-3 sm:col-span-2">
          <FormError>{problem}</FormError>
          <Button type="submit" busy={isSubmitting} className="justify-self-end">
            {t("password.submit")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
