import type { ReactNode } from "react";
import { RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { cx } from "@/lib/cx";
import { useComposer } from "../context";
import { type ContentField, isOwn, reattached } from "../model/draft";

// In an account's tab: says of these fields whether they follow "All", and takes them back to it. Writing detaches.
export function OwnField({ fields, children }: { fields: readonly ContentField[]; children: ReactNode }) {
  const { t } = useTranslation("composer");
  const { draft, scope, change, editable } = useComposer();
  if (scope === "all") return <div className="grid gap-2">{children}</div>;
  const own = fields.filter((field) => isOwn(draft, scope, field));
  return (
    <div className={cx("grid gap-2 border-l-2 pl-3", own.length > 0 ? "border-accent" : "border-hairline")}>
      {children}
      {own.length === 0 ? (
        <p className="text-xs text-muted">{t("own.follows")}</p>
      ) : (
        <div className="flex flex-wrap items-center gap-2">
          {own.map((field) => (
            <span key={field} className="flex items-center gap-1 rounded-full bg-accent-fill py-0.5 pr-1 pl-2.5 text-xs text-accent-text">
              {t("own.differs", { field: t(`field.${field}`) })}
              {editable && (
                <Button
                  variant="ghost"
                  size="sm"
                  className="h-6! px-1.5! text-xs! text-accent-text"
                  icon={<RotateCcw aria-hidden className="size-3" />}
                  onClick={() => change((current) => reattached(current, scope, field))}
                >
                  {t("own.reattach")}
                  <span className="sr-only"> ({t(`field.${field}`)})</span>
                </Button>
              )}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
