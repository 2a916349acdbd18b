/** The look of menus and popovers, whose behaviour comes from the widget library. */
export const menuPopup =
  "min-w-44 origin-(--transform-origin) rounded-xl border border-line bg-raised p-1 shadow-raised outline-none";
export const menuItem =
  "flex w-full cursor-default select-none items-center gap-2 rounded-lg px-2.5 py-1.5 text-[13px] text-ink outline-none data-highlighted:bg-hover";
export const popoverPopup = "rounded-xl border border-line bg-raised shadow-raised outline-none";
export const dialogBackdrop = "fixed inset-0 z-40 bg-black/30 dark:bg-black/55";
