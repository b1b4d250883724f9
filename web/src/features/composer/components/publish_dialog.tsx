import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { ConfirmDialog } from "@/components/ui/dialog";
import { networkName } from "@/components/ui/network_glyph";
import { useComposer } from "../context";

// Names every account once more: what is out cannot be called back.
export function PublishDialog({ busy, onPublish, onClose }: { busy: boolean; onPublish: () => void; onClose: () => void }) {
  const { t } = useTranslation("composer");
  const { destinations } = useComposer();
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("publish.title", { count: destinations.length })}
      description={t("publish.text")}
      confirmLabel={t("publish.confirm")}
      variant="primary"
      busy={busy}
      onConfirm={onPublish}
    >
      <ul className="grid gap-2">
        {destinations.map(({ key, account }) => (
          <li key={key} className="flex items-center gap-3">
            <Avatar name={account.name} src={account.avatar_url} network={account.network} />
            <span className="min-w-0">
              <span className="block truncate font-medium">{account.name}</span>
              <span className="block truncate text-sm text-muted">
                {networkName(account.network)} · @{account.handle.replace(/^@/, "")}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}
