// Where a reader has Mastodon. The name of that server is kept in this browser only, and nobody is asked: from then on
// the links lead there at once instead of to the page where it is chosen.

import { all, announce, find } from "./lectern.js";

const KEY = "lectern.mastodon";

/**
 * The host's name in what was typed: `mastodon.example`, its address or a handle that ends with it; or nothing.
 * Names have two labels at least (RFC 1123, section 2.1), and the last one is no number, as it is in an IP address.
 */
export function server(typed) {
  const name = typed.trim().replace(/^https?:\/\//i, "").replace(/\/.*$/s, "").replace(/^.*@/s, "");
  try {
    const { host } = new URL(`https://${name}/`); // an international name becomes ASCII (URL Standard, section 3.3)
    return /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9-]{2,63}$/.test(host) ? host : "";
  } catch {
    return "";
  }
}

function remembered() {
  try {
    return server(localStorage.getItem(KEY) ?? ""); // anything may stand there
  } catch {
    return "";
  }
}

function remember(name) {
  try {
    if (name) localStorage.setItem(KEY, name);
    else localStorage.removeItem(KEY);
  } catch {
    // It holds for this page.
  }
}

/** Lets each link lead to the reader's own server, or to where one is chosen. What is shared travels along as it is. */
function lead(name) {
  for (const link of all("[data-mastodon]")) {
    link.dataset.mastodon ||= link.href;
    const shared = link.dataset.mastodon;
    link.href = name ? `https://${name}/share?${shared.slice(shared.indexOf("#") + 1)}` : shared;
  }
}

function offer(part) {
  const form = find("form", part);
  const [field, wrong, said] = ["input", ".slip", "[role=status]"].map((each) => find(each, form));
  const forget = find("[type=button]", form);
  const { kept, none, forgotten, wrong: advice } = form.dataset;
  const show = (name) => {
    lead(name);
    field.value = name;
    forget.hidden = !name;
    said.textContent = name ? kept.replace("{server}", name) : none;
  };
  const mark = (message) => {
    wrong.textContent = message;
    if (message) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = server(field.value);
    mark(name ? "" : advice);
    if (!name) return field.focus();
    remember(name);
    show(name);
    announce(said, kept.replace("{server}", name));
  });
  field.addEventListener("input", () => server(field.value) && mark(""));
  forget.addEventListener("click", () => {
    remember("");
    mark("");
    show("");
    announce(said, forgotten);
    field.focus(); // the button is gone
  });
  show(remembered());
  part.hidden = false;
}

function start() {
  const part = find("[data-instance]");
  if (part) offer(part);
  else lead(remembered());
}

if (globalThis.document) start();
