import type { ReactNode } from "react";

// One glyph, one sentence, one button.
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-card bg-surface px-6 py-12 text-center">
      <span aria-hidden className="flex size-12 items-center justify-center rounded-full bg-accent-fill text-accent-text [&>svg]:size-6">
        {icon}
      </span>
      <p className="text-lg font-semibold text-balance">{title}</p>
      {children != null && <p className="max-w-prose text-balance text-muted">{children}</p>}
      {action != null && <div className="mt-2">{action}</div>}
    </div>
  );
}
