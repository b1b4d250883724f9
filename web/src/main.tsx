import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { preloadPage, router } from "@/app/router";
import { queryClient } from "@/lib/api/query_client";
import { session } from "@/lib/api/session";
import { startTexts } from "@/lib/i18n";
import { startTheme } from "@/lib/theme";
import "@/styles.css";

const container = document.getElementById("root");
if (container === null) throw new Error("index.html has no #root");

// Who is signed in, and the code of the page asked for, are fetched while the rest is still being set up. Whatever goes
// wrong here comes up again, and is told, where the router asks.
session.restore().catch(() => undefined);
preloadPage();

startTheme();
await startTexts();
createRoot(container).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
