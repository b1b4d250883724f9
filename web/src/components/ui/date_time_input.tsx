import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Input } from "@/components/ui/input";
import { cx } from "@/lib/cx";
import { localToInstant } from "@/lib/zoned";
import { useFormat } from "@/lib/workspace/context";

export type DateTimeInputProps = {
  label: string;
  // Wall clock in `zone`, "2026-11-22T09:00"; "" = nothing chosen.
  value: string;
  onChange: (local: string) => void;
  zone: string;
  // Earliest wall clock that may be chosen.
  min?: string;
  error?: string | null | undefined;
  className?: string;
};

// Date and time with the zone they are meant in, by the system's own pickers. Says when clocks skip or repeat the
// chosen time, and what the reader's own clock will show then.
export function DateTimeInput({ label, value, onChange, zone, min, error, className }: DateTimeInputProps) {
  const { t } = useTranslation();
  const format = useFormat(zone);
  const id = useId();
  const [date = "", time = ""] = value.split("T");
  const resolved = localToInstant(value, zone);
  const own = resolved === null ? null : format.own(resolved.instant);
  const change = (nextDate: string, nextTime: string): void => {
    onChange(nextDate === "" ? "" : `${nextDate}T${nextTime === "" ? "09:00" : nextTime}`);
  };
  const hasError = error != null && error !== "";
  return (
    <fieldset className={cx("grid gap-1.5", className)} aria-describedby={`${id}-zone`}>
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      <div className="flex flex-wrap gap-2">
        <Input
          type="date"
          aria-label={t("time.date")}
          aria-invalid={hasError || undefined}
          value={date}
          min={min?.slice(0, 10)}
          onChange={(event) => change(event.target.value, time)}
          className="w-40!"
        />
        <Input
          type="time"
          aria-label={t("time.time")}
          aria-invalid={hasError || undefined}
          value={time}
          onChange={(event) => change(date, event.target.value)}
          className="w-32!"
        />
      </div>
      <p id={`${id}-zone`} className="text-sm text-muted">
        {t("time.inZone", { zone, name: format.zoneName(resolved?.instant) })}
        {own !== null && ` · ${t("time.forYou", { time: own })}`}
      </p>
      {resolved?.kind === "gap" && <p className="text-sm text-warning-text">{t("time.gap", { time: format.time(resolved.instant) })}</p>}
      {resolved?.kind === "overlap" && <p className="text-sm text-warning-text">{t("time.overlap")}</p>}
      {hasError && (
        <p role="alert" className="text-sm text-danger-text">
          {error}
        </p>
      )}
    </fieldset>
  );
}
