"use client";

import { Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { Button } from "#components/ui/button.tsx";

/** Light or dark; the system's choice until someone presses it. Both icons are rendered and CSS shows one, so that the server's page fits either. */
export function ThemeButton() {
  const { resolvedTheme, setTheme } = useTheme();
  return (
    <Button
      look="ghost"
      size="icon"
      aria-label="Switch between light and dark"
      onClick={() => setTheme(resolvedTheme === "dark" ? "light" : "dark")}
    >
      <Sun aria-hidden className="hidden size-4 dark:block" strokeWidth={1.75} />
      <Moon aria-hidden className="size-4 dark:hidden" strokeWidth={1.75} />
    </Button>
  );
}
