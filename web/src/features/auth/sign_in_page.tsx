import { useState, useSyncExternalStore } from "react";
import { zodResolver } from "@hookform/resolvers/zod";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EntryLayout } from "@/components/ui/entry_layout";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form_error";
import { Input } from "@/components/ui/input";
import { DemoLogin } from "@/features/auth/demo_login";
import { SettingProblem } from "@/features/auth/setting_problem";
import { api, body } from "@/lib/api/client";
import { isApiError } from "@/lib/api/error";
import { setupQuery } from "@/lib/api/queries";
import { session } from "@/lib/api/session";
import { basePath } from "@/lib/base";
import { showServerErrors } from "@/lib/forms";

const route = getRouteApi("/sign-in");

export default function SignInPage() {
  const { t } = useTranslation("auth");
  const { next } = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const state = useSyncExternalStore(session.subscribe, session.get);
  const setup = useQuery(setupQuery()).data;
  const [problem, setProblem] = useState<string | null>(null);
  const [askCode, setAskCode] = useState(false);

  const schema = z.object({
    email: z.string().trim().min(1, t("signIn.emailMissing")),
    password: z.string().min(1, t("signIn.passwordMissing")),
    totp_code: z.string().trim(),
  });
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { email: "", password: "", totp_code: "" } });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async ({ email, password, totp_code }) => {
    setProblem(null);
    try {
      const answer = await body(api.POST("/auth/login", { body: { email, password, ...(totp_code === "" ? {} : { totp_code }) } }));
      // Nothing of whoever was here before may show through.
      client.clear();
      session.signedIn(answer);
      // `next` is a whole address inside the app, search included; the history wants it with the base path.
      router.history.push(`${basePath()}${next ?? "/"}`);
    } catch (error) {
      if (isApiError(error, "totp_required")) setAskCode(true);
      setProblem(showServerErrors(error, form.setError, { "/email": "email", "/password": "password", "/totp_code": "totp_code" }));
    }
  });

  return (
    <EntryLayout title={t("signIn.title")}>
      <div className="grid gap-4">
        {state.status === "signed_out" && state.problem !== null && <SettingProblem problem={state.problem} />}
        {setup?.demo != null && (
          <DemoLogin
            demo={setup.demo}
            onUse={({ email, password }) => {
              form.setValue("email", email);
              form.setValue("password", password);
              void submit();
            }}
          />
        )}
        <Card as="div">
          <form onSubmit={submit} noValidate className="grid gap-4">
            <Field label={t("signIn.email")} error={errors.email?.message}>
              <Input type="email" autoComplete="username" autoFocus {...form.register("email")} />
            </Field>
            <Field label={t("signIn.password")} error={errors.password?.message}>
              <Input type="password" autoComplete="current-password" {...form.register("password")} />
            </Field>
            {askCode && (
              <Field label={t("signIn.code")} hint={t("signIn.codeHint")} error={errors.totp_code?.message}>
                <Input inputMode="numeric" autoComplete="one-time-code" autoFocus {...form.register("totp_code")} />
              </Field>
            )}
            <FormError>{problem}</FormError>
            <Button type="submit" variant="primary" busy={isSubmitting}>
              {t("signIn.submit")}
            </Button>
          </form>
        </Card>
        <p className="text-center text-sm text-muted">{t("signIn.forgot")}</p>
      </div>
    </EntryLayout>
  );
}
