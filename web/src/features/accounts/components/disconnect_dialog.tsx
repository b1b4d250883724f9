import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/ui/dialog";
import { networkName } from "@/components/ui/network_glyph";
import { useDisconnect } from "@/features/accounts/api/mutations";
import type { Account } from "@/lib/api/types";
import { showToast, toastError } from "@/lib/toast";
import { useWorkspace } from "@/lib/workspace/context";

export function DisconnectDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation("accounts");
  const workspace = useWorkspace();
  const disconnect = useDisconnect(workspace.id);
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t("disconnect.title", { handle: account.handle, network: networkName(account.network) })}
      description={t("disconnect.about")}
      confirmLabel={t("disconnect.confirm")}
      busy={disconnect.isPending}
      onConfirm={() =>
        disconnect.mutate(account.id, {
          onSuccess: () => {
            showToast({ text: t("disconnect.done", { handle: account.handle }) });
            onClose();
          },
          onError: toastError,
        })
      }
    />
  );
}
