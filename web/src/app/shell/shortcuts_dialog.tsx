import { useTranslation } from "react-i18next";
import { usePlaces } from "@/app/shell/navigation";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { useCan } from "@/lib/workspace/context";

export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("shell");
  const places = usePlaces();
  const mayCompose = useCan("posts.create");
  const rows: [string[], string][] = [
    [["Ctrl/⌘", "K"], t("shortcuts.palette")],
    ...(mayCompose ? [[["C"], t("common:action.compose")] as [string[], string]] : []),
    ...places.map(({ key, label }): [string[], string] => [["G", key.toUpperCase()], t(`common:nav.${label}`)]),
    [["?"], t("shortcuts.this")],
    [["Esc"], t("common:action.close")],
  ];
  return (
    <Dialog open onOpenChange={onClose} title={t("shortcuts.title")}>
      <dl className="grid gap-2">
        {rows.map(([keys, text]) => (
          <div key={text} className="flex items-center justify-between gap-4">
            <dt>{text}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <p className="text-sm text-muted">{t("shortcuts.more")}</p>
    </Dialog>
  );
}
