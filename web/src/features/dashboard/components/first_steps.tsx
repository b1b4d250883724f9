import { Link } from "@tanstack/react-router";
import { Rocket } from "lucide-react";
import { useTranslation } from "react-i18next";
import { buttonClass } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty_state";
import { useCan } from "@/lib/workspace/context";

export function FirstSteps() {
  const { t } = useTranslation("dashboard");
  const mayConnect = useCan("accounts.connect");
  return (
    <EmptyState
      icon={<Rocket />}
      title={t("first.title")}
      action={
        mayConnect && (
          <Link to="/accounts" className={buttonClass("primary")}>
            {t("first.connect")}
          </Link>
        )
      }
    >
      {t("first.about")}
    </EmptyState>
  );
}
