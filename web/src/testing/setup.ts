import "@testing-library/jest-dom/vitest";
import { afterEach } from "vitest";
import { cleanup } from "@testing-library/react";

// jsdom has no media queries; the theme asks for one when it loads.
Object.defineProperty(window, "matchMedia", {
  value: (media: string) => ({ matches: false, media, addEventListener: () => undefined, removeEventListener: () => undefined }),
});

afterEach(cleanup);
