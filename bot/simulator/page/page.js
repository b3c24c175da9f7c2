// The page: one pane for each chat, fed by a stream of events; what people do is sent to the server as acts.

import { element, icon, messageItem } from "./render.js";

const TYPING = { typing: "is typing…", upload_photo: "is sending a photo…", upload_document: "is sending a file…" };
const TYPING_MILLISECONDS = 5000;
const TOAST_MILLISECONDS = 4000;
const LONGEST_LINE = 160;
const BORDERS = 2;
const NEARLY = 80;
const EXTRAS = [
  ["Photo or file…", null],
  ["Location", { do: "locates", latitude: -5.135, longitude: 119.423 }],
  ["Contact", { do: "introduces", phone: "+6281200000009", first_name: "Ani" }],
  ["Poll", { do: "polls", question: "Netral?", options: ["Ya", "Tidak"] }],
  ["Dice", { do: "rolls" }],
  ["Forwarded message", { do: "types", text: "Diteruskan dari grup kantor", forwarded_from: "Grup Kantor" }],
];

const byId = (id) => document.getElementById(id);
const panes = new Map();

class Pane {
  constructor(data) {
    this.root = byId("pane-template").content.firstElementChild.cloneNode(true);
    this.key = data.key;
    this.root.id = `pane-${data.key}`;
    this.root.dataset.chat = data.key;
    this.root.setAttribute("aria-labelledby", `tab-${data.key}`);
    this.tab = element("button", { type: "button", role: "tab", id: `tab-${data.key}`, "aria-controls": this.root.id, "data-tab": data.key, onclick: () => select(data.key) });
    this.find(".avatar").textContent = data.title[0];
    this.find("h2").textContent = data.title;
    this.find(".avatar").dataset.tone = [...data.key].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 5;
    this.list = this.find(".messages");
    this.text = this.find("textarea");
    this.files = [];
    this.unread = 0;
    this.atEnd = true;
    this.wire();
    this.show(data);
  }

  find(selector) { return this.root.querySelector(selector); }

  part(role) { return this.find(`[data-role="${role}"]`); }

  get person() { return Number(this.find("select[name=actor]").value); }

  get actor() { return this.data.people.find((person) => person.id === this.person) || this.data.people[0]; }

  // Everything anew: at the start, and when membership or blocking changes.
  show(data) {
    this.data = data;
    const actor = this.find("select[name=actor]");
    const chosen = actor.value;
    actor.replaceChildren(...data.people.map((person) => element("option", { value: person.id }, person.name)));
    if (chosen) actor.value = chosen;
    this.find(".actor").hidden = data.people.length < 2;
    this.messages = new Map();
    this.list.replaceChildren();
    data.messages.forEach((message) => this.put(message));
    this.describe();
    this.adjust();
    this.scroll();
  }

  describe(words) {
    const kinds = { private: "private chat with the bot", channel: "channel", supergroup: "group", group: "group" };
    const subtitle = this.find(".subtitle");
    subtitle.textContent = words || (this.data.blocked ? "bot blocked" : kinds[this.data.type]);
    subtitle.classList.toggle("active", Boolean(words));
  }

  // Which controls make sense now: Start before the first message, Unblock after a block.
  adjust() {
    const fresh = this.data.type === "private" && this.messages.size === 0;
    const locked = fresh || this.data.blocked;
    const start = this.part("start");
    start.hidden = !locked;
    start.textContent = this.data.blocked ? "Unblock and start" : "Start";
    this.find(".line").hidden = locked;
    this.find(".empty").hidden = this.messages.size > 0;
    this.root.hidden = this.tab.hidden = this.data.later && this.messages.size === 0;
    this.part("block").hidden = this.data.type !== "private" || locked;
    this.part("menu").hidden = this.actor.commands.length === 0;
    this.tab.replaceChildren(this.data.title, this.unread ? element("b", { "aria-label": `${this.unread} unread` }, String(this.unread)) : "");
  }

  put(message) {
    const item = messageItem(message, {
      tap: (target, button, pressed) => this.tap(target, button, pressed),
      copy: (words) => navigator.clipboard.writeText(words).then(() => toast("Copied"), () => toast("This browser copies nothing from here.", "trouble")),
      command: (command) => this.act({ do: "types", text: command }),
      more: (target) => this.more(target),
      jump: (id) => this.jump(id),
    });
    const old = this.itemOf(message.id);
    if (old) old.replaceWith(item);
    else this.list.append(item);
    this.messages.set(message.id, message);
  }

  itemOf(id) { return this.list.querySelector(`[data-message="${id}"]`); }

  jump(id) {
    const item = this.itemOf(id);
    if (!item) return;
    item.scrollIntoView({ block: "center", behavior: "smooth" });
    item.classList.add("found");
    item.addEventListener("animationend", () => item.classList.remove("found"), { once: true });
  }

  scroll() {
    const talk = this.find(".talk");
    talk.scrollTop = talk.scrollHeight;
  }

  heard(event) {
    const handlers = {
      sent: () => this.arrived(event.message),
      edited: () => this.put(event.message),
      deleted: () => this.gone(event.message.id),
      action: () => this.typing(event.action),
      answered: () => this.answered(event.tap),
      members: () => this.show(event.pane_state),
      commands: () => { this.data.people = event.people; this.adjust(); },
    };
    handlers[event.kind]?.();
  }

  arrived(message) {
    this.put(message);
    this.describe();
    if (!message.own && getComputedStyle(this.root).display === "none") this.unread += 1;
    this.adjust();
    if (this.atEnd || message.own) this.scroll();
  }

  gone(id) {
    this.itemOf(id)?.remove();
    this.messages.delete(id);
    this.adjust();
  }

  typing(action) {
    this.describe(`bot ${TYPING[action] || `· ${action.replace("_", " ")}…`}`);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.describe(), TYPING_MILLISECONDS);
  }

  answered(tap) {
    const waiting = [...(this.itemOf(tap.message)?.querySelectorAll(".button.waiting") || [])];
    waiting.forEach((button) => button.classList.remove("waiting"));
    // Every window hears of the answer; the link is for the one that tapped.
    if (tap.start && waiting.length) openChat(tap.person, tap.start);
    if (!tap.text) return;
    if (tap.alert) {
      byId("alert-text").textContent = tap.text;
      byId("alert").showModal();
    } else toast(tap.text);
  }

  tap(message, button, pressed) {
    pressed.classList.add("waiting");
    setTimeout(() => pressed.classList.remove("waiting"), TYPING_MILLISECONDS);
    this.act({ do: "taps", message: message.id, data: button.callback_data });
  }

  act(act) { return post("acts", [{ person: this.person, chat: this.data.chat, ...act }]); }

  // The composer.

  wire() {
    const talk = this.find(".talk");
    let before = 0;
    talk.addEventListener("scroll", () => {
      const near = talk.scrollHeight - talk.scrollTop - talk.clientHeight < NEARLY;
      // Only a scroll upwards leaves the end; a picture that has grown the list meanwhile does not.
      if (near || talk.scrollTop < before) this.atEnd = near;
      before = talk.scrollTop;
    });
    const sticky = new ResizeObserver(() => { if (this.atEnd) this.scroll(); });
    sticky.observe(talk);
    sticky.observe(this.list);
    this.find("form").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.text.addEventListener("keydown", (event) => this.keyPressed(event));
    this.text.addEventListener("input", () => { this.grow(); this.suggest(); });
    this.text.addEventListener("paste", (event) => this.attach([...event.clipboardData.files], event));
    this.part("start").addEventListener("click", () => this.act({ do: "types", text: "/start" }));
    this.part("block").addEventListener("click", () => this.act({ do: "blocks" }));
    this.part("cancel").addEventListener("click", () => this.refer(null));
    this.part("menu").addEventListener("click", () => this.suggest(true));
    this.part("attach").addEventListener("click", () => this.offer());
    this.find("select[name=actor]").addEventListener("change", () => this.adjust());
    const picker = this.find("input[type=file]");
    picker.addEventListener("change", () => { this.attach([...picker.files]); picker.value = ""; });
    this.root.addEventListener("dragover", (event) => { event.preventDefault(); this.root.classList.add("dropping"); });
    this.root.addEventListener("dragleave", () => this.root.classList.remove("dropping"));
    this.root.addEventListener("drop", (event) => { this.root.classList.remove("dropping"); this.attach([...event.dataTransfer.files], event); });
  }

  keyPressed(event) {
    const commands = this.find(".commands");
    if (event.key === "Escape") { this.hideLists(); this.refer(null); }
    if (event.key === "ArrowDown" && !commands.hidden) { event.preventDefault(); commands.querySelector("button").focus(); return; }
    if (event.key === "ArrowUp" && !this.text.value) { event.preventDefault(); this.editLast(); }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
  }

  async send() {
    const text = this.text.value.trim();
    this.hideLists();
    if (this.files.length) await this.sendFiles(text);
    else if (text && this.editing) await this.act({ do: "edits", message: this.editing.id, text });
    else if (text) await this.act({ do: "types", text, reply_to: this.replying?.id });
    this.text.value = "";
    this.refer(null);
    this.attach([], null, true);
    this.grow();
    this.text.focus();
  }

  async sendFiles(caption) {
    const pictures = this.files.every((file) => file.type.startsWith("image/"));
    const kind = pictures && !this.find("[name=as_file]").checked ? "photo" : "document";
    const files = await Promise.all(this.files.map(async (file) => ({ name: file.name, mime: file.type, data: await base64(file) })));
    await this.act({ do: "sends", kind, files, caption, reply_to: this.replying?.id });
  }

  attach(files, event, forget = false) {
    if (event && files.length) event.preventDefault();
    this.files = forget ? [] : [...this.files, ...files];
    this.find(".pending").hidden = this.files.length === 0;
    this.find(".pending ul").replaceChildren(...this.files.map((file) => element("li", {}, icon("file"), file.name)));
    this.find("[name=as_file]").closest("label").hidden = !this.files.every((file) => file.type.startsWith("image/"));
    if (this.files.length) this.text.focus();
  }

  // What the next message refers to: a reply, an edit, or nothing.
  refer(message, editing = false) {
    this.replying = editing ? null : message;
    if (this.editing && !message) this.text.value = "";
    this.editing = editing ? message : null;
    const context = this.find(".context");
    context.hidden = !message;
    if (!message) return;
    context.querySelector("p").replaceChildren(element("b", {}, editing ? "Edit" : "Reply"), ` ${message.text.slice(0, 80) || message.kind}`);
    if (editing) this.text.value = message.text;
    this.grow();
    this.text.focus();
  }

  editLast() {
    const own = [...this.messages.values()].filter((message) => message.own && message.text);
    if (own.length) this.refer(own.at(-1), true);
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight + BORDERS, LONGEST_LINE)}px`;
  }

  hideLists() {
    this.find(".commands").hidden = true;
    this.find(".extras").hidden = true;
  }

  suggest(all = false) {
    const list = this.find(".commands");
    const typed = this.text.value;
    const fitting = this.actor.commands.filter(({ command }) => all || `/${command}`.startsWith(typed));
    const wanted = (all && list.hidden) || (!all && typed.startsWith("/") && !typed.includes(" "));
    list.hidden = !(wanted && fitting.length);
    list.replaceChildren(...fitting.map(({ command, description }) => this.choice("option", [element("b", {}, `/${command}`), ` ${description}`], () => this.act({ do: "types", text: `/${command}` }))));
    if (all && !list.hidden) list.querySelector("button").focus();
  }

  offer() {
    const list = this.find(".extras");
    list.hidden = !list.hidden;
    list.replaceChildren(...EXTRAS.map(([label, act]) => this.choice("menuitem", [label], () => (act ? this.act(act) : this.find("input[type=file]").click()))));
    if (!list.hidden) list.querySelector("button").focus();
  }

  more(message) {
    const list = this.find(".extras");
    const choices = [["Reply", () => this.refer(message)]];
    if (message.own && message.text) choices.push(["Edit", () => this.refer(message, true)]);
    if (message.own || this.data.type === "private") choices.push(["Delete", () => this.act({ do: "deletes", message: message.id })]);
    list.replaceChildren(...choices.map(([label, chosen]) => this.choice("menuitem", [label], chosen)));
    list.hidden = false;
    list.querySelector("button").focus();
  }

  choice(role, content, chosen) {
    const button = element("button", { type: "button", role, onclick: () => { this.hideLists(); this.text.value = this.editing ? this.text.value : ""; chosen(); this.text.focus(); } }, ...content);
    button.addEventListener("keydown", (event) => this.walk(event));
    return element("li", { role: "none" }, button);
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const buttons = [...event.currentTarget.closest("ul").querySelectorAll("button")];
    if (step) { event.preventDefault(); buttons.at((buttons.indexOf(event.currentTarget) + step) % buttons.length).focus(); }
    if (event.key === "Escape") { this.hideLists(); this.text.focus(); }
  }
}

function select(key) {
  for (const [name, pane] of panes) {
    const chosen = name === key;
    pane.root.classList.toggle("chosen", chosen);
    pane.tab.setAttribute("aria-selected", String(chosen));
    pane.tab.tabIndex = chosen ? 0 : -1;
    if (chosen) { pane.unread = 0; pane.adjust(); pane.scroll(); }
  }
}

// A t.me link that opens somebody's own chat with the bot, with what it carries.
async function openChat(person, start) {
  await post("acts", [{ do: "types", person, text: `/start ${start}` }]);
  const pane = [...panes.values()].find(({ data }) => data.type === "private" && data.people[0].id === person);
  if (!pane) return;
  pane.root.hidden = pane.tab.hidden = false;
  select(pane.key);
  pane.root.scrollIntoView({ inline: "nearest", behavior: "smooth" });
  pane.text.focus();
}

function switchTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const keys = [...panes.keys()].filter((key) => !panes.get(key).tab.hidden);
  const now = keys.findIndex((key) => panes.get(key).root.classList.contains("chosen"));
  const next = keys.at((now + step) % keys.length);
  select(next);
  panes.get(next).tab.focus();
}

async function post(where, body) {
  const response = await fetch(where, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await response.json();
  if (answer.error) toast(answer.error, "trouble");
  return answer;
}

async function base64(file) {
  const reader = new FileReader();
  const loaded = new Promise((resolve) => { reader.addEventListener("load", resolve, { once: true }); });
  reader.readAsDataURL(file);
  await loaded;
  return reader.result.slice(reader.result.indexOf(",") + 1);
}

function toast(text, kind = "") {
  const shown = element("p", { class: `toast ${kind}`, "data-toast": true }, text);
  byId("toasts").append(shown);
  setTimeout(() => shown.remove(), TOAST_MILLISECONDS);
}

// Faults.

function showFaults(faults) {
  byId("planned").replaceChildren(...faults.planned.map((fault) => element("li", {}, `${fault.kind} in ${fault.method || "any method"}${fault.times === null ? "" : ` × ${fault.times}`}`)));
  byId("fault-count").hidden = faults.planned.length === 0;
  byId("fault-count").textContent = faults.planned.length;
  const weather = byId("weather-form").elements;
  weather.latency.value = faults.latency;
  weather.clock_skew.value = faults.clock_skew;
  weather.limits.checked = faults.limits;
}

async function changeFaults(change) { showFaults(await post("faults", change)); }

function wireFaults(faults) {
  const form = byId("fault-form").elements;
  form.kind.replaceChildren(...faults.kinds.map((kind) => element("option", {}, kind)));
  form.method.append(...faults.methods.map((method) => element("option", {}, method)));
  byId("fault-form").addEventListener("submit", (event) => {
    event.preventDefault();
    changeFaults({ kind: form.kind.value, method: form.method.value || null, times: Number(form.times.value), seconds: Number(form.seconds.value) });
  });
  byId("weather-form").addEventListener("change", () => {
    const weather = byId("weather-form").elements;
    changeFaults({ latency: Number(weather.latency.value), clock_skew: Number(weather.clock_skew.value), limits: weather.limits.checked });
  });
  byId("clear-faults").addEventListener("click", () => changeFaults({ clear: true }));
  byId("open-faults").addEventListener("click", async () => { showFaults((await state()).faults); byId("faults").showModal(); });
}

// The start, and the stream.

async function state() { return (await fetch("state")).json(); }

async function refresh() {
  const now = await state();
  now.panes.forEach((data) => panes.get(data.key)?.show(data));
  showFaults(now.faults);
}

// The stream is opened first and the state asked for then, so that nothing falls between; a lost stream comes back by
// itself, and everything is drawn anew.
function listen() {
  const stream = new EventSource("events");
  const connection = byId("connection");
  let drawn = null;
  stream.addEventListener("open", () => {
    connection.textContent = "live";
    connection.dataset.state = "live";
    drawn = drawn ? refresh() : start();
  });
  stream.addEventListener("error", () => {
    connection.textContent = "simulator stopped";
    connection.dataset.state = "lost";
  });
  stream.addEventListener("message", (event) => {
    const told = JSON.parse(event.data);
    drawn.then(() => panes.get(told.pane)?.heard(told));
  });
}

async function start() {
  const now = await state();
  for (const data of now.panes) {
    const pane = new Pane(data);
    panes.set(data.key, pane);
    byId("panes").append(pane.root);
    byId("tabs").append(pane.tab);
  }
  byId("tabs").addEventListener("keydown", switchTab);
  document.addEventListener("click", (event) => {
    for (const pane of panes.values()) if (!event.target.closest(".extras, .commands, [data-role]")) pane.hideLists();
  });
  wireFaults(now.faults);
  showFaults(now.faults);
  if (panes.size) select([...panes.keys()][0]);
  for (const pane of panes.values()) pane.scroll();
}

listen();
