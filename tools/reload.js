// In preview pages only: shows the newest build, or why there is none.
{
  // The build that this page came from, and two hashes: of its style, and of all else that it shows.
  const known = (query) => {
    const [build, style, rest] = query.split(".");
    return { build, style, rest };
  };
  let shown = known(new URL(document.currentScript.src).search.slice(1));
  const dress = new CSSStyleSheet();
  dress.replaceSync(`
    :host { all: initial }
    section {
      position: fixed; inset: auto 0 0; z-index: 2147483647; box-sizing: border-box; max-height: 70vh; overflow: auto;
      padding: 1rem 1.25rem; border-top: 4px solid #c62f2f; background: #211; color: #fee; color-scheme: dark;
      font: 1rem/1.5 ui-monospace, Consolas, monospace; text-align: left;
    }
    section.alone { inset: 0; max-height: none }
    section:focus-visible { outline: 2px solid #fee; outline-offset: -4px }
    strong { display: block; font-family: system-ui, sans-serif }
    p { margin: .75rem 0 0; font: inherit; overflow-wrap: anywhere }
    pre { margin: .25rem 0 0; padding: .25rem .75rem; background: #0005; font: inherit; font-size: .875rem; overflow-x: auto }
    mark { background: #c62f2f55; color: #fff }
  `);
  let overlay;
  let events;
  let work = Promise.resolve();

  const element = (name, text = "") => Object.assign(document.createElement(name), { textContent: text });

  const excerpt = (lines) => {
    const pre = element("pre");
    const digits = String(lines.at(-1)[0]).length;
    for (const [number, text, marked] of lines) {
      const line = `${marked ? ">" : " "} ${String(number).padStart(digits)} | ${text}`;
      pre.append(element(marked ? "mark" : "span", line), "\n");
    }
    pre.tabIndex = 0; // long lines are scrolled to by keys, too
    return pre;
  };

  // A shadow tree keeps the theme out, and an adopted style sheet is one that the page's policy lets pass.
  const show = (problems) => {
    overlay?.remove();
    if (!problems.length) return;
    overlay = element("lectern-problems");
    overlay.lang = "en";
    const root = overlay.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [dress];
    const section = element("section");
    section.setAttribute("role", "alert");
    section.tabIndex = 0;
    section.classList.toggle("alone", !shown.build);
    section.append(element("strong", shown.build ? "Not built. These pages are the last good ones." : "Not built yet."));
    for (const [message, lines] of problems) {
      section.append(element("p", message));
      if (lines.length) section.append(excerpt(lines));
    }
    root.append(section);
    document.documentElement.append(overlay);
  };

  // The browser itself keeps the place that was scrolled to; what was unfolded it forgets.
  const unfolded = {
    key: "lectern-preview",
    parts: () => [...document.querySelectorAll("details")],
    keep() {
      try {
        sessionStorage.setItem(this.key, JSON.stringify([location.pathname, this.parts().map((part) => part.open)]));
      } catch {} // a browser that keeps nothing
    },
    restore() {
      try {
        const [path, open] = JSON.parse(sessionStorage.getItem(this.key)) ?? [];
        sessionStorage.removeItem(this.key);
        const parts = this.parts();
        if (path === location.pathname && open.length === parts.length) parts.forEach((part, at) => (part.open = open[at]));
      } catch {}
    },
  };

  // The policy knows the page's own style sheet by its hash: another text in its element would be blocked.
  const restyle = (css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    for (const { sheet: own } of document.querySelectorAll("style")) own.disabled = true;
    document.adoptedStyleSheets = [sheet];
  };

  const catchUp = async (build) => {
    const page = await (await fetch(location.href, { cache: "no-store" })).text();
    const next = known(page.match(/\/_preview\/reload\.js\?([^"]*)"/)?.[1] ?? "");
    if (next.rest !== shown.rest) {
      unfolded.keep();
      location.reload();
      return;
    }
    if (next.style !== shown.style) restyle(page.match(/<style>([^]*?)<\/style>/)[1]);
    shown = { ...next, build };
  };

  const listen = () => {
    events?.close();
    // A browser holds few connections to one host: pages out of sight give theirs back.
    if (document.hidden) return;
    events = new EventSource("/_preview/events");
    events.addEventListener("message", ({ data }) => {
      const { build, problems } = JSON.parse(data);
      show(problems);
      // A preview that has just been started has no page yet: this one stays until then.
      if (!build) return;
      work = work.then(() => (build === shown.build ? null : catchUp(build))).catch(() => setTimeout(listen, 1000));
    });
  };

  document.addEventListener("visibilitychange", listen);
  addEventListener("pageshow", ({ persisted }) => persisted && listen());
  unfolded.restore();
  listen();
}
