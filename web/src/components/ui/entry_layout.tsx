import { useEffect, type ReactNode } from "react";

// The frame of pages before sign-in: one calm column with the mark above it.
export function EntryLayout({
  title,
  description,
  children,
  wide = false,
}: {
  title: string;
  description?: ReactNode;
  children: ReactNode;
  wide?: boolean;
}) {
  useEffect(() => {
    document.title = `${title} · MyPost`;
  }, [title]);
  return (
    <main id="main" className="grid min-h-dvh place-items-center px-4 py-10">
      <div className={wide ? "w-full max-w-2xl" : "w-full max-w-sm"}>
        <div className="mb-6 flex flex-col items-center gap-3 text-center">
          <Mark />
          <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
          {description != null && <p className="text-balance text-muted">{description}</p>}
        </div>
        {children}
      </div>
    </main>
  );
}

function Mark() {
  return (
    <svg aria-hidden viewBox="0 0 32 32" className="size-11">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path d="M7 22V10l9 8 9-8v12" fill="none" stroke="#fff" strokeWidth="3.2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
