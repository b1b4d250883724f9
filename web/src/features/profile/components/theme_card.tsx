import { useTranslation } from "react-i18next";
import { Card } from "@/components/ui/card";
import { usePreference } from "@/lib/preference";
import { themePreference, themes } from "@/lib/theme";

export function ThemeCard() {
  const { t } = useTranslation("profile");
  const [theme, setTheme] = usePreference(themePreference);
  return (
    <Card title={t("theme.title")}>
      <fieldset>
        <legend className="sr-only">{t("theme.title")}</legend>
        <div className="flex flex-wrap gap-2">
          {themes.map((choice) => (
            <label
              key={choice}
              className="flex h-10 cursor-pointer items-center gap-2 rounded-lg bg-raised px-3 has-checked:bg-accent-fill has-checked:text-accent-text"
            >
              <input
                type="radio"
                name="theme"
                checked={theme === choice}
                onChange={() => setTheme(choice)}
                className="accent-(--accent-solid)"
              />
              {t(`common:theme.${choice}`)}
            </label>
          ))}
        </div>
      </fieldset>
      <p className="mt-2 text-sm text-muted">{t("theme.about")}</p>
    </Card>
  );
}
