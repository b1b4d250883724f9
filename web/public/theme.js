// Runs before the first paint, so that someone who uses the light theme sees no dark flash. The app's own
// code (src/lib/theme.ts) writes the same key. A file, not an inline script: the content policy allows only files.
(function () {
  var choice = "dark";
  try {
    choice = localStorage.getItem("mypost.theme") || "dark";
  } catch {
    // Storage may be forbidden: the default theme it is.
  }
  var light = choice === "light" || (choice === "system" && matchMedia("(prefers-color-scheme: light)").matches);
  document.documentElement.dataset.theme = light ? "light" : "dark";
})();
