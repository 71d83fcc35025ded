// The desk's script: keys, clocks, drafts, one submit per form, live state. Every page works without it.
// Markup it reads:
//   data-key="n"      this link, button or field answers to the key; data-go="c" answers to G, then C
//   data-row          a row of a list that J and K walk through
//   data-digits       radio tiles that the keys 1–9 choose
//   data-open="id"    a button that opens that <dialog>
//   data-due          a running clock; <body data-now data-over data-days> give the server's time and the words
//   data-draft="call" a form whose text survives in this tab until it is sent; data-private fields are left out
//   data-fill        a button that fills the fields of its form, {name: value}; radio and tick are set, text only if empty
//   data-suggest="id" a text for which, once its writer pauses, that button asks what the words suggest
//   data-signout      the form that ends the session, and with it every draft

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const body = document.body;

// Keys

const SINGLE_KEYS = "sa-single-keys";
let going = -Infinity;

const isTyping = (element) =>
  element.isContentEditable ||
  element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

const visible = (element) => element.getClientRects().length > 0;

const act = (element) => {
  if (!element) return false;
  element.matches("input, textarea, select") ? element.focus() : element.click();
  return true;
};

const byKey = (name, key) => $$(`[${name}]`).find((element) => element.getAttribute(name) === key && visible(element));

const walk = (step) => {
  const rows = $$("[data-row]").filter(visible);
  const focused = rows.indexOf(document.activeElement);
  const from = focused < 0 ? rows.findIndex((row) => row.hasAttribute("aria-current")) : focused;
  rows[Math.min(Math.max(from + step, 0), rows.length - 1)]?.focus();
  return rows.length > 0;
};

const digit = (key) => {
  const tiles = document.activeElement.closest("[data-digits]") ?? $$("[data-digits]").find(visible);
  const input = tiles && $$("input", tiles)[Number(key) - 1];
  if (!input) return false;
  input.focus();
  input.click();
  return true;
};

// `when` is when the key was struck, not when a busy machine came to it.
const singleKey = (key, when) => {
  if (when - going < 1500) {
    going = -Infinity;
    return act(byKey("data-go", key));
  }
  if (key === "g") {
    going = when;
    return true;
  }
  if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
  if (/^[1-9]$/.test(key)) return digit(key);
  return act(byKey("data-key", key));
};

addEventListener("keydown", (event) => {
  // A Chinese input method sends its own key events while it composes; none of them is a shortcut.
  if (event.isComposing || event.keyCode === 229 || event.altKey) return;
  const key = event.key.toLowerCase();
  const command = event.ctrlKey || event.metaKey;
  let done = false;
  if (command && key === "enter") {
    const form = event.target.form;
    if (form) form.requestSubmit();
    done = Boolean(form);
  } else if (command) {
    done = act(byKey("data-key", `ctrl+${key}`));
  } else if (key === "escape") {
    $$("details.sa-menu[open]").forEach((menu) => (menu.open = false));
  } else if (!isTyping(event.target) && !$("dialog[open]") && localStorage.getItem(SINGLE_KEYS) !== "off") {
    done = singleKey(key, event.timeStamp);
  }
  if (done) event.preventDefault();
});

const listKeys = () => {
  const list = $("[data-keys]");
  $$("[data-found]", list).forEach((old) => old.remove());
  const row = (keys, text) => {
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    term.dataset.found = words.dataset.found = "";
    for (const key of keys) {
      const cap = Object.assign(document.createElement("span"), { className: "sa-kbd", textContent: key });
      term.append(cap, " ");
    }
    words.textContent = text;
    list.append(term, words);
  };
  const name = (element) => {
    if (element.hasAttribute("aria-label")) return element.getAttribute("aria-label");
    const copy = element.cloneNode(true);
    $$(".sa-kbd, .sa-count", copy).forEach((part) => part.remove());
    return copy.textContent.trim();
  };
  const label = (key) => key.split("+").map((part) => part[0].toUpperCase() + part.slice(1));
  for (const element of $$("[data-key]").filter(visible)) row(label(element.dataset.key), name(element));
  for (const element of $$("[data-go]")) row(["G", element.dataset.go.toUpperCase()], name(element));
};

addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    listKeys();
    document.getElementById(opener.dataset.open).showModal();
  }
  if (event.target.closest("[data-dismiss]")) $(".sa-toasts").replaceChildren();
  $$("details.sa-menu[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false));
});

const singleKeys = $("[data-single-keys]");
singleKeys.checked = localStorage.getItem(SINGLE_KEYS) !== "off";
singleKeys.addEventListener("change", () => localStorage.setItem(SINGLE_KEYS, singleKeys.checked ? "on" : "off"));

// Clocks

const offset = Date.parse(body.dataset.now) - Date.now() || 0;
const SPOKEN_MINUTES = [30, 10, 5];
const lastSeconds = new WeakMap();

// The same rule as the template filter `span`.
const words = (seconds, style) => {
  const left = Math.abs(seconds);
  const two = (number) => String(number).padStart(2, "0");
  let text = `${Math.floor(left / 3600)}:${two(Math.floor(left / 60) % 60)}`;
  if (style !== "short") text += `:${two(left % 60)}`;
  if (left >= 72 * 3600) text = body.dataset.days.replace("{days}", Math.floor(left / 86400));
  return seconds < 0 ? body.dataset.over.replace("{span}", text) : text;
};

const tick = () => {
  for (const clock of $$("[data-due]")) {
    const seconds = Math.trunc((Date.parse(clock.dataset.due) - Date.now() - offset) / 1000);
    const text = words(seconds, clock.dataset.style);
    if (clock.textContent !== text) clock.textContent = text;
    clock.toggleAttribute("data-late", seconds < 0);
    const before = lastSeconds.get(clock) ?? seconds;
    lastSeconds.set(clock, seconds);
    if (clock.dataset.say && SPOKEN_MINUTES.some((minutes) => before > minutes * 60 && seconds <= minutes * 60)) {
      $("#sa-say").textContent = `${clock.dataset.say} ${text}`;
    }
  }
};
setInterval(tick, 1000);

// Drafts

const DRAFT = "sa-draft:";
const SENT = "sa-sent:";
const kept = (form) =>
  [...form.elements].filter(
    (field) => field.name && !field.matches("[type=hidden], [type=password], [type=tel], [type=file], [data-private], button"),
  );

const keep = (form) => {
  const values = kept(form).map((field) => [field.name, field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value]);
  sessionStorage.setItem(DRAFT + form.dataset.draft, JSON.stringify(values));
};

const restore = (form) => {
  const values = JSON.parse(sessionStorage.getItem(DRAFT + form.dataset.draft) ?? "[]");
  kept(form).forEach((field, index) => {
    const [name, value] = values[index] ?? [];
    if (name !== field.name) return;
    if (typeof value === "boolean") field.checked = value;
    else if (!field.value || field.matches("select")) field.value = value;
  });
};

const forget = (name) => {
  sessionStorage.removeItem(DRAFT + name);
  sessionStorage.removeItem(SENT + name);
};

for (const form of $$("form[data-draft]")) if (!$(".sa-errors", form)) restore(form);
// A form that was sent and did not come back was accepted; one that did goes on as it came.
for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(SENT))) {
  const name = key.slice(SENT.length);
  const form = $(`form[data-draft="${CSS.escape(name)}"]`);
  if (form) keep(form);
  form ? sessionStorage.removeItem(key) : forget(name);
}

addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.draft) keep(form);
});

// Suggestions

const PAUSE_MS = 600;
let pausing;

const ask = (event) => {
  const button = document.getElementById(event.target.dataset?.suggest ?? "");
  clearTimeout(pausing);
  // Half a Chinese word says nothing: wait until the input method has put it down.
  if (button && !event.isComposing) pausing = setTimeout(() => htmx.trigger(button, "sa:suggest"), PAUSE_MS);
};
addEventListener("input", ask);
addEventListener("compositionend", ask);

addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  event.preventDefault();
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) {
    const field = button.form.elements[name];
    if (typeof value === "boolean") field.checked = value;
    else if (field instanceof RadioNodeList || !field.value) field.value = value;
  }
  keep(button.form);
});

// Submitting

const release = (root) =>
  $$("[aria-busy=true]", root).forEach((button) => {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  });

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.draft) sessionStorage.setItem(SENT + form.dataset.draft, "1");
  if ("signout" in form.dataset) sessionStorage.clear();
  // After this event, so that the pressed button's own value is still sent.
  setTimeout(() => {
    for (const button of $$("button:not([type=button]), input[type=submit]", form)) {
      if (button.disabled) continue;
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
    }
  });
});
addEventListener("pageshow", () => release(document));

// htmx and live state ---------------------------------------------------------------------------------------

let polled = Date.now();

setInterval(() => {
  const live = $("#sa-live");
  if (!live || live.dataset.state === "out" || Date.now() - polled < (document.hidden ? 60_000 : 10_000)) return;
  polled = Date.now();
  htmx.trigger(live, "sa:poll");
}, 1000);

addEventListener("htmx:afterRequest", ({ detail: { elt, successful, xhr } }) => {
  const live = $("#sa-live");
  if (elt === live) live.dataset.state = successful ? "on" : xhr.status === 401 ? "out" : "off";
  if (elt.id === "sa-news" && xhr.status && !xhr.response.includes('id="sa-live"')) live.dataset.state = "out";
  release(elt);
  if (successful && elt.dataset.draft) forget(elt.dataset.draft);
});

// After news, what is in use stays, and is asked for again.
let held = false;
const left = {};
const inUse = (part) => $(":focus", part) || (getSelection().type === "Range" && part.contains(getSelection().anchorNode));
const scrollers = (part) => [part, ...$$("[tabindex='0']", part)];

addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  const part = detail.target;
  if (part.id === "sa-bell") held = false; // the first of them
  const stays = part.id === "sa-live" ? held : inUse(part);
  if (stays) held = true;
  detail.shouldSwap = !stays;
  const places = scrollers(part).map((each) => [each.scrollTop, each.scrollHeight - each.scrollTop - each.clientHeight < 40]);
  left[part.id] = [part.matches(":focus"), part.dataset.version, places];
});
addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  const part = document.getElementById(detail.target.id);
  if (!left[part?.id]) return;
  const [focused, version, places] = left[part.id];
  scrollers(part).forEach((each, index) => {
    const [top, atEnd] = places[index] ?? [0];
    each.scrollTop = top && atEnd ? each.scrollHeight : top;
  });
  if (focused) part.focus();
  if (version !== part.dataset.version) $("#sa-changed").hidden = false;
  tick();
});

addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target;
  if (target.id === "sa-dialog" && !target.open && target.hasChildNodes()) target.showModal();
});
