// How a message looks. Everything is built from nodes, never from markup: what people write stays text.

const WRAPPERS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "span", mention: "span",
  hashtag: "span", cashtag: "span", phone_number: "span", custom_emoji: "span",
};
const SAFE_LINK = /^(https?|mailto|tg):/i;
const SAID = {
  location: (message) => `📍 ${message.location.latitude}, ${message.location.longitude}`,
  contact: (message) => `👤 ${message.contact.first_name} · ${message.contact.phone_number}`,
  poll: (message) => `📊 ${message.poll.question}`,
  dice: (message) => `${message.dice.emoji} ${message.dice.value}`,
  service: () => "· the chat has changed ·",
};

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === undefined || value === null) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

// A message as a list item; `acts` is what can be done with it: tap, command, more, jump.
export function messageItem(message, acts) {
  const side = message.kind === "service" ? "service" : message.own ? "own" : "other";
  const item = element("li", {
    class: `message ${side}${message.media_group_id ? " grouped" : ""}`,
    "data-message": message.id,
    "data-kind": message.kind,
  });
  item.append(bubble(message, acts));
  if (message.keyboard.length) item.append(keyboard(message, acts));
  return item;
}

function bubble(message, acts) {
  return element("div", { class: "bubble" },
    message.forwarded ? element("p", { class: "forwarded" }, "Forwarded message") : null,
    message.reply ? reply(message.reply, acts) : null,
    message.media ? media(message) : null,
    said(message, acts),
    footer(message, acts),
  );
}

function said(message, acts) {
  if (message.text) {
    return element("div", { class: "text", dir: "auto" }, ...formatted(message.text, message.entities, acts));
  }
  const words = SAID[message.kind];
  return words ? element("div", { class: "text" }, words(message)) : null;
}

function footer(message, acts) {
  const time = new Date(message.date * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  return element("p", { class: "footer" },
    message.kind === "service" ? null : element("button", {
      type: "button", class: "icon more", "data-role": "more", "aria-haspopup": "menu",
      "aria-label": "Message actions", title: "Reply, edit, delete", onclick: () => acts.more(message),
    }, icon("more")),
    message.protected ? element("span", { class: "protected", title: "Protected: no forwarding, no saving" }, icon("lock"), element("span", { class: "hidden" }, "protected")) : null,
    message.edited ? element("span", { class: "edited" }, "diedit") : null,
    element("time", {}, time),
  );
}

function reply(replied, acts) {
  return element("button", { type: "button", class: "reply", onclick: () => acts.jump(replied.id) }, replied.text || "Message");
}

function media(message) {
  const { media: file } = message;
  const size = file.size < 1024 * 1024 ? `${Math.ceil(file.size / 1024)} kB` : `${(file.size / 1048576).toFixed(1)} MB`;
  if (message.kind === "photo") {
    return element("img", { class: "photo", src: file.url, width: file.width, height: file.height, alt: message.text || "Photo", loading: "lazy" });
  }
  const name = file.file_name || message.kind.replace("_", " ");
  return element("a", { class: "file", href: file.url, download: name },
    icon("file"),
    element("span", {}, element("b", {}, name), element("small", {}, `${size} · ${file.mime_type || message.kind}`)),
  );
}

function keyboard(message, acts) {
  return element("div", { class: "keyboard", role: "group", "aria-label": "Buttons" },
    ...message.keyboard.map((row) => element("div", { class: "row" }, ...row.map((button) => inlineButton(message, button, acts)))));
}

function inlineButton(message, button, acts) {
  if (button.url) {
    return element("a", { class: "button", href: SAFE_LINK.test(button.url) ? button.url : null, target: "_blank", rel: "noopener noreferrer", "data-button": button.text }, `${button.text} ↗`);
  }
  if (button.copy_text) {
    return element("button", { type: "button", class: "button", "data-button": button.text, onclick: () => acts.copy(button.copy_text.text) }, button.text);
  }
  return element("button", {
    type: "button", class: "button", "data-button": button.text, "data-callback": button.callback_data,
    onclick: (event) => acts.tap(message, button, event.currentTarget),
  }, button.text);
}

// Text with its entities as nested nodes; offsets count UTF-16 units, as JavaScript's do.
function formatted(text, entities, acts, start = 0, end = text.length) {
  const nodes = [];
  let position = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const stop = Math.min(entity.offset + entity.length, end);
    let last = index + 1;
    while (last < entities.length && entities[last].offset < stop) last += 1;
    if (entity.offset >= position) {
      if (entity.offset > position) nodes.push(text.slice(position, entity.offset));
      nodes.push(wrapped(entity, formatted(text, entities.slice(index + 1, last), acts, entity.offset, stop), text.slice(entity.offset, stop), acts));
      position = stop;
    }
    index = last;
  }
  if (position < end) nodes.push(text.slice(position, end));
  return nodes;
}

function wrapped(entity, inside, text, acts) {
  if (entity.type === "bot_command") {
    return element("button", { type: "button", class: "command", "data-command": text, onclick: () => acts.command(text) }, text);
  }
  if (["url", "text_link", "email"].includes(entity.type)) {
    const target = entity.url || (entity.type === "email" ? `mailto:${text}` : /^\w+:/.test(text) ? text : `https://${text}`);
    return element("a", { href: SAFE_LINK.test(target) ? target : null, target: "_blank", rel: "noopener noreferrer" }, ...inside);
  }
  return element(WRAPPERS[entity.type] || "span", { class: `entity-${entity.type}` }, ...inside);
}
