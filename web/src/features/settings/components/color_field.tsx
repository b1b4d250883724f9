import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { isAdjusted } from "@/lib/accent";

// What the colour input shows while nothing is chosen: the app's own accent.
const own = "#6d6afc";

export type ColorFieldProps = { value: string; onChange: (color: string) => void; error?: string | undefined };

export function ColorField({ value, onChange, error }: ColorFieldProps) {
  const { t } = useTranslation("settings");
  const hint = value !== "" && isAdjusted(value) ? t("brands.colorAdjusted") : t("brands.colorHint");
  return (
    <div className="flex items-start gap-3">
      <Field label={t("brands.color")} hint={hint} error={error} className="flex-1">
        <input
          type="color"
          value={value === "" ? own : value}
          onChange={(event) => onChange(event.target.value)}
          className="h-10 w-20 cursor-pointer rounded-lg border border-control bg-page p-1"
        />
      </Field>
      {value !== "" && (
        <Button size="sm" variant="ghost" className="mt-7" onClick={() => onChange("")}>
          {t("brands.colorNone")}
        </Button>
      )}
    </div>
  );
}
