// In preview pages only: shows the newest build, or why there is none.
{
  const shown = new URL(document.currentScript.src).searchParams.get("build");
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial }
    section {
      position: fixed; inset: auto 0 0; z-index: 2147483647; box-sizing: border-box; max-height: 70vh; overflow: auto;
      padding: 1rem 1.25rem; border-top: 4px solid #c62f2f; background: #211; color: #fee; color-scheme: dark;
      font: 1rem/1.5 ui-monospace, Consolas, monospace; text-align: left;
    }
    strong { display: block; font-family: system-ui, sans-serif }
    pre { margin: .5rem 0 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere }
  `);
  let overlay;
  let events;

  // A shadow tree keeps the theme out, and an adopted style sheet is one that the page's policy lets pass.
  const show = (problems) => {
    overlay?.remove();
    if (!problems) return;
    overlay = document.createElement("lectern-problems");
    overlay.lang = "en";
    const root = overlay.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style];
    const section = document.createElement("section");
    section.setAttribute("role", "alert");
    const heading = document.createElement("strong");
    heading.textContent = "Not built yet. These pages are the last good ones.";
    const list = document.createElement("pre");
    list.textContent = problems;
    section.append(heading, list);
    root.append(section);
    document.documentElement.append(overlay);
  };

  const listen = () => {
    events?.close();
    // A browser holds few connections to one host: pages out of sight give theirs back.
    if (document.hidden) return;
    events = new EventSource("/_preview/events");
    events.addEventListener("message", ({ data }) => {
      const { build, problems } = JSON.parse(data);
      if (build === shown) show(problems);
      else location.reload();
    });
  };

  document.addEventListener("visibilitychange", listen);
  listen();
}
