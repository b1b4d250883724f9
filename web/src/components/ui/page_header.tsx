import { useEffect, type ReactNode } from "react";

export type PageHeaderProps = {
  // Also the browser tab's title.
  title: string;
  description?: ReactNode;
  action?: ReactNode;
};

export function PageHeader({ title, description, action }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · MyPost`;
  }, [title]);
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-3">
      <div className="min-w-0">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {description != null && <p className="text-muted">{description}</p>}
      </div>
      {action}
    </header>
  );
}
