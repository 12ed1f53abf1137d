// <passages-search>: asks a Passages service from any web page. No dependencies, no cookies; a
// question travels in the body of a POST and stands in no address. Nothing is set as HTML.
//
//   <script src="https://search.example/static/passages-search.js" defer></script>
//   <passages-search><a href="https://search.example/">Search our articles</a></passages-search>
//
// Attributes: `service`, the address of the service (default: where this script is from); `page`,
// the address of its page, for links into the articles ("none": no links; default: the service's);
// `label`, what stands above the box; `k`, the passages to ask for (default: 5).
(() => {
  "use strict";

  const here = document.currentScript ? new URL("..", document.currentScript.src).href : "/";
  const LONGEST = 2000; // characters of a question

  const CSS = `
    :host { display: block; color: light-dark(#1b1f23, #e8eaed); font: inherit; line-height: 1.5;
      text-align: start; }
    .box { background: light-dark(#fff, #15181b); padding: 1rem; border-radius: .5rem;
      border: 1px solid light-dark(#c9ced4, #454c54); }
    form { display: flex; flex-wrap: wrap; gap: .5rem; }
    label { flex: 1 0 100%; font-weight: 600; }
    input { flex: 1 1 12rem; min-width: 0; font: inherit; padding: .5rem .75rem; color: inherit;
      background: light-dark(#fff, #1d2125); border: 1px solid light-dark(#6b737c, #8d96a0);
      border-radius: .375rem; }
    button { font: inherit; font-weight: 600; padding: .5rem 1rem; border: 0; cursor: pointer;
      border-radius: .375rem; color: light-dark(#fff, #0d1117);
      background: light-dark(#0b57a4, #8ec1ff); }
    :focus-visible { outline: 3px solid light-dark(#0b57a4, #8ec1ff); outline-offset: 2px; }
    h2, h3 { line-height: 1.25; margin: 1.25rem 0 .25rem; font-size: 1.2em; }
    h3 { font-size: 1.05em; margin-top: .75rem; }
    p { margin: .5rem 0; overflow-wrap: anywhere; }
    .path, .note { color: light-dark(#4d565f, #b3bac2); font-size: .9em; }
    .note { border-inline-start: 3px solid light-dark(#a35200, #ffb86b); padding-inline-start: .6em; }
    .said:empty { display: none; }
    mark { background: #ffe58a; color: #1b1f23; padding: .05em 0; border-radius: .15em; }
    a { color: light-dark(#0b57a4, #8ec1ff); }
    [hidden] { display: none; }
    @media (forced-colors: active) { button, input { border: 1px solid; } }
  `;

  /** An element with attributes and children; text becomes text. */
  const el = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  };

  const quoted = (words) => words.map((word) => `“${word}”`).join(", ");

  /** The passage as paragraphs, its best sentence marked. */
  const prose = (hit, marked) => {
    const at = marked ? hit.words.indexOf(hit.sentence) : -1;
    const end = at < 0 ? -1 : at + hit.sentence.length;
    const block = el("div", { lang: hit.language, dir: "auto" });
    let start = 0;
    for (const line of hit.words.split("\n")) {
      const stop = start + line.length;
      if (line.trim()) {
        const from = Math.min(Math.max(at, start), stop);
        const to = Math.min(Math.max(end, from), stop);
        const cut = (a, b) => hit.words.slice(a, b);
        const mark = to > from ? el("mark", {}, cut(from, to)) : "";
        block.append(el("p", {}, cut(start, from), mark, cut(to, stop)));
      }
      start = stop + 1;
    }
    return block;
  };

  /** What the question names and the passage does not say, or says otherwise. */
  const lacks = (hit) => {
    const said = [];
    if ((hit.missing || []).length) said.push(`Not mentioned here: ${quoted(hit.missing)}.`);
    for (const number of hit.numbers || []) {
      said.push(`You asked about ${number.asked}; this passage says ${number.says}.`);
    }
    return said.map((words) => el("p", { class: "note" }, words));
  };

  /** The hits of each article together, in the order in which its best one comes. */
  const byArticle = (hits) => {
    const groups = new Map();
    for (const hit of hits) groups.set(hit.article, [...(groups.get(hit.article) || []), hit]);
    return [...groups.values()];
  };

  const heard = (answer) => {
    const hits = answer.hits.length;
    const found = `${hits} ${hits === 1 ? "passage" : "passages"}`;
    if (!hits) return "I did not find an answer in these articles.";
    if (!answer.covered) {
      return "I did not find an answer in these articles. The closest passages are below.";
    }
    return answer.verdict === "related"
      ? `${found} on this, but perhaps not the answer.`
      : `${found} from the articles.`;
  };

  class PassagesSearch extends HTMLElement {
    #root = null;
    #running = null;

    connectedCallback() {
      if (this.#root) return;
      this.#root = this.attachShadow({ mode: "open", delegatesFocus: true });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      this.#root.adoptedStyleSheets = [sheet];
      this.input = el("input", {
        id: "q", type: "search", maxlength: LONGEST, autocomplete: "off", enterkeyhint: "search",
      });
      const label = this.getAttribute("label") || "Ask the articles";
      const form = el("form", { role: "search" },
        el("label", { for: "q" }, label), this.input, el("button", { type: "submit" }, "Search"));
      this.said = el("p", { role: "status", class: "said" });
      this.results = el("div", { class: "results" });
      this.#root.append(el("div", { class: "box" }, form, this.said, this.results));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.ask(this.input.value);
      });
      this.input.addEventListener("keydown", (event) => {
        if (event.key === "Escape") this.clear();
      });
    }

    disconnectedCallback() {
      if (this.#running) this.#running.abort();
    }

    /** Empty box and results. */
    clear() {
      if (this.#running) this.#running.abort();
      this.input.value = "";
      this.#show("");
    }

    /** Ask a question and show the answer; a later one takes the place of an earlier. */
    async ask(question) {
      if (this.#running) this.#running.abort();
      if (!question.trim()) return this.#show("");
      const running = (this.#running = new AbortController());
      this.results.setAttribute("aria-busy", "true");
      this.said.textContent = "Searching …";
      try {
        const answer = await this.#fetch(question, running.signal);
        if (running === this.#running) this.#draw(answer);
      } catch (error) {
        if (running === this.#running && !running.signal.aborted) this.#show(error.message);
      }
    }

    async #fetch(question, signal) {
      const k = Number(this.getAttribute("k")) || 5;
      let response = null;
      try {
        response = await fetch(new URL("api/search", this.#service()), {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ question, k }),
          credentials: "omit",
          referrerPolicy: "no-referrer",
          signal,
        });
        if (response.ok) return await response.json();
      } catch (error) {
        throw signal.aborted ? error : new Error("The search cannot be reached just now.");
      }
      throw new Error(
        response.status === 429
          ? "Too many questions just now. Please try again in a moment."
          : "The search does not work just now.",
      );
    }

    #service() {
      const named = this.getAttribute("service");
      return named ? new URL(named.replace(/\/*$/, "/"), document.baseURI).href : here;
    }

    #show(words, ...blocks) {
      this.results.removeAttribute("aria-busy");
      this.said.textContent = words;
      this.results.replaceChildren(...blocks);
    }

    #draw(answer) {
      const blocks = [];
      if ((answer.unknown || []).length) {
        blocks.push(el("p", { class: "note" }, `No article mentions ${quoted(answer.unknown)}.`));
      }
      for (const hits of byArticle(answer.hits)) {
        const first = hits[0];
        const origin = [first.source, first.date].filter(Boolean).join(" · ");
        blocks.push(
          el("section", { "aria-label": first.title },
            el("h2", { lang: first.language, dir: "auto" }, first.title),
            origin ? el("p", { class: "path" }, origin) : null,
            ...hits.map((hit) => this.#hit(hit, answer.covered))),
        );
      }
      this.#show(heard(answer), ...blocks);
    }

    #hit(hit, covered) {
      const above = hit.headings.slice(0, -1).join(" › ");
      const last = hit.headings[hit.headings.length - 1] || "Beginning of the article";
      return el("div", { class: "hit" },
        above ? el("p", { class: "path", dir: "auto" }, above) : null,
        el("h3", { lang: hit.headings.length ? hit.language : null, dir: "auto" }, last),
        ...lacks(hit),
        prose(hit, covered),
        ...(hit.other_places || []).map((place) => el("p", { class: "path", dir: "auto" },
          `Also in: ${[place.title, ...place.headings].join(" › ")}`)),
        this.#link(hit));
    }

    #link(hit) {
      const page = this.getAttribute("page") || this.#service();
      if (page === "none") return null;
      const to = new URL("article", new URL(page.replace(/\/*$/, "/"), document.baseURI));
      to.search = new URLSearchParams({ a: hit.article, p: hit.key });
      return el("p", {}, el("a", { href: to.href, rel: "noreferrer" }, `Read in “${hit.title}”`));
    }
  }

  if (!customElements.get("passages-search")) {
    customElements.define("passages-search", PassagesSearch);
  }
})();
