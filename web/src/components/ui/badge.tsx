import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

export type Tone = "neutral" | "accent" | "success" | "warning" | "danger" | "info";

const tones: Record<Tone, string> = {
  neutral: "bg-raised text-muted",
  accent: "bg-accent-fill text-accent-text",
  success: "bg-success-fill text-success-text",
  warning: "bg-warning-fill text-warning-text",
  danger: "bg-danger-fill text-danger-text",
  info: "bg-info-fill text-info-text",
};

export function toneClass(tone: Tone): string {
  return tones[tone];
}

export function Badge({
  tone = "neutral",
  icon,
  children,
  className,
}: {
  tone?: Tone;
  icon?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span
      className={cx(
        "inline-flex h-6 max-w-full items-center gap-1.5 rounded-full px-2 text-xs font-medium whitespace-nowrap",
        tones[tone],
        className,
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
