import { useEffect } from "react";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form_error";
import { Input } from "@/components/ui/input";
import { restOfError } from "@/lib/api/form_errors";
import { showServerErrors } from "@/lib/forms";

export type AccountValues = { name: string; email: string; password: string; setup_token: string };

// The server's own minimum, told before it has to refuse.
const shortestPassword = 10;

const fields = { "/name": "name", "/email": "email", "/password": "password", "/setup_token": "setup_token" } as const;

export type AccountStepProps = {
  values: AccountValues;
  // Off loopback the console's token proves that the person runs this server.
  askToken: boolean;
  // What the server said about these fields when the next step sent them.
  refused: unknown;
  onDone: (values: AccountValues) => void;
};

export function AccountStep({ values, askToken, refused, onDone }: AccountStepProps) {
  const { t } = useTranslation("setup");
  const schema = z.object({
    name: z.string().trim().min(1, t("account.nameMissing")),
    email: z.email(t("account.emailWrong")),
    password: z.string().min(shortestPassword, t("account.passwordShort", { count: shortestPassword })),
    setup_token: askToken ? z.string().trim().min(1, t("account.tokenMissing")) : z.string(),
  });
  const form = useForm({ resolver: zodResolver(schema), defaultValues: values });
  const { errors } = form.formState;
  const { setError } = form;
  useEffect(() => {
    showServerErrors(refused, setError, fields);
  }, [refused, setError]);
  return (
    <Card as="div">
      <form onSubmit={form.handleSubmit(onDone)} noValidate className="grid gap-4">
        <Field label={t("account.name")} error={errors.name?.message}>
          <Input {...form.register("name")} autoComplete="name" autoFocus />
        </Field>
        <Field label={t("account.email")} error={errors.email?.message}>
          <Input {...form.register("email")} type="email" autoComplete="username" />
        </Field>
        <Field label={t("account.password")} hint={t("account.passwordHint", { count: shortestPassword })} error={errors.password?.message}>
          <Input {...form.register("password")} type="password" autoComplete="new-password" />
        </Field>
        {askToken && (
          <Field label={t("account.token")} hint={t("account.tokenHint")} error={errors.setup_token?.message}>
            <Input {...form.register("setup_token")} autoComplete="off" spellCheck={false} />
          </Field>
        )}
        <FormError>{restOfError(refused, Object.keys(fields))}</FormError>
        <Button type="submit" variant="primary">
          {t("common:action.continue")}
        </Button>
      </form>
    </Card>
  );
}
