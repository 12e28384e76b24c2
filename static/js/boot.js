// Before anything is painted: the theme the visitor chose last time.
try {
  document.documentElement.dataset.theme = localStorage.getItem("basin.theme") ?? "auto";
} catch {
  // No storage (a private window): the theme stays automatic.
}
