/** What runs inside the page: it notes what the page says of how fresh it is. Playwright sends it as text, so it imports nothing. */

declare global {
  interface Window {
    /** What the header said, each time it said something else, in order. */
    benchWords?: string[];
  }
}

/** To be run before anything of the page is. */
export function watchWords(): void {
  const said: string[] = [];
  window.benchWords = said;
  const look = () => {
    const status = document.querySelector('header [role="status"]')?.parentElement;
    if (!status) return;
    const unread = document.querySelector('header [title="What could not be read"]')?.textContent;
    const all = [status.textContent, unread]
      .filter((part) => part)
      .join(", ")
      .replaceAll(/\s*·\s*/g, " · ")
      .trim();
    const title = status.getAttribute("title") ?? "";
    const words = /^(Stale|Connection)/.test(all) && title !== "" ? `${all} (${title})` : all;
    if (words !== said.at(-1)) said.push(words);
  };
  new MutationObserver(look).observe(document, {
    attributes: true,
    attributeFilter: ["title"],
    characterData: true,
    childList: true,
    subtree: true,
  });
}
