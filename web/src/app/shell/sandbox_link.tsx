import { useQuery } from "@tanstack/react-query";
import { ExternalLink, FlaskConical } from "lucide-react";
import { useTranslation } from "react-i18next";
import { setupQuery } from "@/lib/api/queries";

// In demo mode: the simulated networks' feeds, named as simulated.
export function SandboxLink({ className }: { className?: string }) {
  const { t } = useTranslation("shell");
  const address = useQuery(setupQuery()).data?.sandbox_url;
  if (address == null) return null;
  return (
    <a href={address} target="_blank" rel="noreferrer" className={className}>
      <FlaskConical aria-hidden className="size-4" />
      <span className="flex-1 truncate">{t("sandbox")}</span>
      <ExternalLink aria-hidden className="size-3.5" />
      <span className="sr-only">{t("newWindow")}</span>
    </a>
  );
}
