/** What runs inside the page: it notes when things happen, for the bench to fetch. Playwright sends it as text, so it imports nothing. */

export interface PageMarks {
  /** Milliseconds since navigation; undefined: it has not happened yet. */
  usableMs: number | undefined;
  /** Tasks that held the main thread for more than 50 ms. */
  readonly longTasks: { readonly startMs: number; readonly ms: number }[];
  /** Times of frames, while they are being taken. */
  frames: number[] | undefined;
  /** When the last key or button went down, as the browser has it. */
  pressedMs: number;
}

declare global {
  interface Window {
    benchMarks?: PageMarks;
  }
}

/** To be run before anything of the page is. */
export function watchPage(): void {
  const marks: PageMarks = { usableMs: undefined, longTasks: [], frames: undefined, pressedMs: 0 };
  window.benchMarks = marks;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries())
      marks.longTasks.push({ startMs: task.startTime, ms: task.duration });
  }).observe({ type: "longtask", buffered: true });
  const note = (event: Event) => {
    marks.pressedMs = event.timeStamp;
  };
  for (const type of ["keydown", "pointerup"]) document.addEventListener(type, note, { capture: true });
  const observer = new MutationObserver(() => {
    if (document.querySelector('[data-map][data-ready="true"]') === null) return;
    observer.disconnect();
    // The frame after the one that draws it has begun: what was drawn is on its way to the screen.
    requestAnimationFrame(() => requestAnimationFrame(() => (marks.usableMs = performance.now())));
  });
  observer.observe(document, {
    attributes: true,
    attributeFilter: ["data-ready"],
    childList: true,
    subtree: true,
  });
}
