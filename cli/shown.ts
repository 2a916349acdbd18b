/**
 * Words as a terminal may show them. Messages of events and names in dumps are someone else's, and an escape sequence
 * in one would move the cursor or recolour the answer.
 */
export function shown(text: string): string {
  return text.replace(control, "�");
}

/** The same in one line, so that nobody's message passes for a line of the answer. */
export function shownInLine(text: string): string {
  return shown(text).replaceAll(/\s*\n\s*/g, " ");
}

/** C0 without the line's end and the tab, DEL and C1. */
const control = /[^\P{Cc}\n\t]/gu;
