import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

export type CardProps = {
  title?: ReactNode;
  // Stands right of the title.
  action?: ReactNode;
  children: ReactNode;
  className?: string;
  as?: "section" | "div" | "article" | "li";
};

export function Card({ title, action, children, className, as: Element = "section" }: CardProps) {
  return (
    <Element className={cx("rounded-card bg-surface p-4 sm:p-5", className)}>
      {title != null && (
        <div className="mb-3 flex items-center justify-between gap-3">
          <h2 className="font-semibold">{title}</h2>
          {action}
        </div>
      )}
      {children}
    </Element>
  );
}
