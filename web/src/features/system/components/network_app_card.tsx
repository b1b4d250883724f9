import { useState } from "react";
import { zodResolver } from "@hookform/resolvers/zod";
import { CircleCheck, CircleDashed } from "lucide-react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form_error";
import { Input } from "@/components/ui/input";
import { NetworkGlyph, networkName } from "@/components/ui/network_glyph";
import { useDeleteNetworkApp, useSaveNetworkApp } from "@/features/system/api/network_apps";
import type { NetworkWithApp } from "@/features/system/checklists";
import { AppChecklist } from "@/features/system/components/app_checklist";
import type { NetworkApp } from "@/lib/api/types";
import { showServerErrors } from "@/lib/forms";
import { showToast, toastError } from "@/lib/toast";

// The installation's app at one network. The secret is written, never read back.
export function NetworkAppCard({ network, app }: { network: NetworkWithApp; app: NetworkApp | null }) {
  const { t } = useTranslation("system");
  const save = useSaveNetworkApp();
  const [problem, setProblem] = useState<string | null>(null);
  const [removing, setRemoving] = useState(false);
  const stored = app?.client_id ?? "";
  const isSet = stored !== "";
  const schema = z.object({
    client_id: z.string().trim().min(1, t("apps.clientIdMissing")),
    client_secret: z.string().trim().min(1, t("apps.secretMissing")),
  });
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { client_id: stored, client_secret: "" } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ client_id, client_secret }) => {
    setProblem(null);
    try {
      await save.mutateAsync({ network, input: { client_id, client_secret } });
      form.reset({ client_id, client_secret: "" });
      showToast({ text: t("apps.saved", { network: networkName(network) }), tone: "success" });
    } catch (error) {
      setProblem(showServerErrors(error, form.setError, { "/client_id": "client_id", "/client_secret": "client_secret" }));
    }
  });
  return (
    <Card>
      <div className="mb-4 flex items-center gap-3">
        <NetworkGlyph network={network} size="lg" decorative />
        <h2 className="flex-1 text-lg font-semibold">{networkName(network)}</h2>
        <Badge
          tone={isSet ? "success" : "neutral"}
          icon={isSet ? <CircleCheck aria-hidden className="size-3.5" /> : <CircleDashed aria-hidden className="size-3.5" />}
        >
          {t(isSet ? "apps.set" : "apps.unset")}
        </Badge>
      </div>
      <div className="grid gap-6 md:grid-cols-2">
        <AppChecklist network={network} app={app} />
        <form onSubmit={submit} noValidate className="grid content-start gap-4">
          <Field label={t("apps.clientId")} error={errors.client_id?.message}>
            <Input {...form.register("client_id")} autoComplete="off" spellCheck={false} />
          </Field>
          <Field
            label={t("apps.secret")}
            hint={isSet ? t("apps.secretStored") : t("apps.secretHint")}
            error={errors.client_secret?.message}
          >
            <Input {...form.register("client_secret")} type="password" autoComplete="off" />
          </Field>
          <FormError>{problem}</FormError>
          <div className="flex justify-end gap-2">
            {isSet && (
              <Button variant="ghost" onClick={() => setRemoving(true)}>
                {t("common:action.remove")}
              </Button>
            )}
            <Button type="submit" variant="primary" busy={isSubmitting}>
              {t("common:action.save")}
            </Button>
          </div>
        </form>
      </div>
      {removing && (
        <RemoveApp
          network={network}
          onClose={() => setRemoving(false)}
          onRemoved={() => form.reset({ client_id: "", client_secret: "" })}
        />
      )}
    </Card>
  );
}

function RemoveApp({ network, onClose, onRemoved }: { network: NetworkWithApp; onClose: () => void; onRemoved: () => void }) {
  const { t } = useTranslation("system");
  const remove = useDeleteNetworkApp();
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t("apps.removeTitle", { network: networkName(network) })}
      description={t("apps.removeAbout")}
      confirmLabel={t("common:action.remove")}
      busy={remove.isPending}
      onConfirm={() =>
        remove.mutate(network, {
          onSuccess: () => {
            onRemoved();
            onClose();
          },
          onError: toastError,
        })
      }
    />
  );
}
