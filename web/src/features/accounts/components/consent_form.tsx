import { useState, type SyntheticEvent } from "react";
import { ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form_error";
import { Input } from "@/components/ui/input";
import { useAuthorize } from "@/features/accounts/api/mutations";
import type { Preset } from "@/features/accounts/components/connect_steps";
import { RedirectUri } from "@/features/accounts/components/redirect_uri";
import { fieldError, restOfError } from "@/lib/api/form_errors";
import type { Network } from "@/lib/api/types";
import { useSessionUser, useWorkspace } from "@/lib/workspace/context";

// Sends the browser to the network's own consent page; it comes back to /accounts/connect.
export function ConsentForm({ network, brandId, preset }: { network: Network; brandId: string; preset: Preset }) {
  const { t } = useTranslation("accounts");
  const workspace = useWorkspace();
  const user = useSessionUser();
  const authorize = useAuthorize(workspace.id);
  const [instance, setInstance] = useState(preset.instance ?? "");
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    authorize.mutate(
      { brand: brandId, input: { network: network.network, ...(network.needs_instance ? { instance: instance.trim() } : {}) } },
      { onSuccess: ({ authorize_url }) => window.location.assign(authorize_url) },
    );
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      {network.needs_instance ? (
        <Field label={t("connect.instance")} hint={t("connect.instanceHint")} error={fieldError(authorize.error, "/instance")}>
          <Input
            value={instance}
            onChange={(event) => setInstance(event.target.value)}
            placeholder="mastodon.social"
            required
            autoFocus
            autoCapitalize="none"
            spellCheck={false}
            inputMode="url"
          />
        </Field>
      ) : (
        <p className="text-muted">{t("connect.consentAbout", { network: network.name })}</p>
      )}
      {!network.needs_instance && <RedirectUri network={network} isAdmin={user?.is_system_admin === true} />}
      <FormError>{restOfError(authorize.error, ["/instance"])}</FormError>
      <Button
        type="submit"
        variant="primary"
        busy={authorize.isPending || authorize.isSuccess}
        icon={<ExternalLink aria-hidden className="size-4" />}
      >
        {t("connect.goTo", { network: network.needs_instance && instance.trim() !== "" ? instance.trim() : network.name })}
      </Button>
    </form>
  );
}
