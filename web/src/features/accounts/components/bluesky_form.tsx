import { useState } from "react";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form_error";
import { Input } from "@/components/ui/input";
import { useConnectByCredentials } from "@/features/accounts/api/mutations";
import type { Preset } from "@/features/accounts/components/connect_steps";
import type { Network } from "@/lib/api/types";
import { showServerErrors } from "@/lib/forms";
import { showToast } from "@/lib/toast";
import { useWorkspace } from "@/lib/workspace/context";

const defaultService = "https://bsky.social";

export function BlueskyForm({
  network,
  brandId,
  preset,
  onConnected,
}: {
  network: Network;
  brandId: string;
  preset: Preset;
  onConnected: () => void;
}) {
  const { t } = useTranslation("accounts");
  const workspace = useWorkspace();
  const connect = useConnectByCredentials(workspace.id);
  const [problem, setProblem] = useState<string | null>(null);
  const schema = z.object({
    handle: z.string().trim().min(1, t("bluesky.handleMissing")),
    app_password: z.string().trim().min(1, t("bluesky.appPasswordMissing")),
    service: z.string().trim(),
  });
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: {
      handle: preset.handle?.replace(/^@/, "") ?? "",
      app_password: "",
      service: preset.instance === undefined ? "" : asAddress(preset.instance),
    },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit(async ({ handle, app_password, service }) => {
    setProblem(null);
    const credentials = { handle: handle.replace(/^@/, ""), app_password, ...(service === "" ? {} : { service }) };
    try {
      const account = await connect.mutateAsync({ brand: brandId, input: { network: network.network, credentials } });
      showToast({ text: t("connect.done", { handle: account.handle }), tone: "success" });
      onConnected();
    } catch (error) {
      setProblem(
        showServerErrors(error, form.setError, {
          "/credentials/handle": "handle",
          "/credentials/app_password": "app_password",
          "/credentials/service": "service",
        }),
      );
    }
  });
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <p className="text-muted">{t("bluesky.about")}</p>
      <Field label={t("bluesky.handle")} error={errors.handle?.message}>
        <Input
          {...form.register("handle")}
          placeholder="anna.bsky.social"
          autoFocus
          autoCapitalize="none"
          spellCheck={false}
          autoComplete="off"
        />
      </Field>
      <Field label={t("bluesky.appPassword")} hint={t("bluesky.appPasswordHint")} error={errors.app_password?.message}>
        <Input {...form.register("app_password")} type="password" placeholder="xxxx-xxxx-xxxx-xxxx" autoComplete="off" />
      </Field>
      <details
        className="rounded-lg bg-raised px-3 py-2"
        open={preset.instance !== undefined && asAddress(preset.instance) !== defaultService}
      >
        <summary className="font-medium">{t("bluesky.ownServer")}</summary>
        <Field label={t("bluesky.service")} hint={t("bluesky.serviceHint")} error={errors.service?.message} className="mt-2">
          <Input {...form.register("service")} type="url" placeholder={defaultService} autoCapitalize="none" spellCheck={false} />
        </Field>
      </details>
      <FormError>{problem}</FormError>
      <Button type="submit" variant="primary" busy={form.formState.isSubmitting}>
        {t("bluesky.submit")}
      </Button>
    </form>
  );
}

function asAddress(instance: string): string {
  return instance.includes("://") ? instance : `https://${instance}`;
}
