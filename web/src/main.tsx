import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { router } from "@/app/router";
import { queryClient } from "@/lib/api/query_client";
import { startTexts } from "@/lib/i18n";
import { startTheme } from "@/lib/theme";
import "@/styles.css";

const container = document.getElementById("root");
if (container === null) throw new Error("index.html has no #root");

startTheme();
await startTexts();
createRoot(container).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
