import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";

export type Demo = { email: string; password: string };

// Only a demo server offers its login; everything behind it is simulated.
export function DemoLogin({ demo, onUse }: { demo: Demo; onUse: (demo: Demo) => void }) {
  const { t } = useTranslation("auth");
  return (
    <section aria-label={t("demo.title")} className="grid gap-3 rounded-card bg-accent-fill p-4">
      <div>
        <h2 className="font-semibold text-accent-text">{t("demo.title")}</h2>
        <p className="text-sm">{t("demo.about")}</p>
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-sm">
        <dt>{t("signIn.email")}</dt>
        <dd className="font-mono break-all">{demo.email}</dd>
        <dt>{t("signIn.password")}</dt>
        <dd className="font-mono break-all">{demo.password}</dd>
      </dl>
      <Button variant="primary" onClick={() => onUse(demo)}>
        {t("demo.use")}
      </Button>
    </section>
  );
}
