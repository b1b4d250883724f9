import { Check } from "lucide-react";
import { cx } from "@/lib/cx";

export function Steps({ current, names }: { current: number; names: readonly string[] }) {
  return (
    <ol className="mb-6 flex justify-center gap-2 sm:gap-6">
      {names.map((name, index) => (
        <li
          key={name}
          aria-current={index === current ? "step" : undefined}
          className={cx("flex items-center gap-2 text-sm", index === current ? "font-medium" : "text-muted")}
        >
          <span
            aria-hidden
            className={cx(
              "flex size-6 items-center justify-center rounded-full text-xs",
              index === current ? "bg-accent-solid text-on-accent" : index < current ? "bg-success-fill text-success-text" : "bg-raised",
            )}
          >
            {index < current ? <Check className="size-3.5" /> : index + 1}
          </span>
          {name}
        </li>
      ))}
    </ol>
  );
}
