"use client";

import { Menu } from "@base-ui/react/menu";
import { CircleUser } from "lucide-react";
import useSWR from "swr";
import { popoverPopup } from "#components/ui/menu-style.ts";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { accountSchema } from "#lib/protocol/account.ts";
import { isBusy } from "./asking.tsx";

/** Who is signed in, and the way out; nothing where nobody has to sign in. */
export function AccountMenu() {
  const { data } = useSWR("/auth/me", (key: string) => fetchJson(key, accountSchema), {
    revalidateOnFocus: false,
    shouldRetryOnError: isBusy,
  });
  if (data === undefined || data.mode === "loopback") return null;
  const { mode, user } = data;
  return (
    <Menu.Root>
      <Menu.Trigger
        aria-label="Account"
        className="inline-flex size-8 items-center justify-center rounded-lg text-ink-3 hover:bg-hover"
      >
        <CircleUser aria-hidden className="size-4" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className="z-50">
          <Menu.Popup className={`${popoverPopup} min-w-48 p-1.5 text-[13px]`}>
            <p className="px-2.5 py-1.5 text-ink-2">{user ?? "Signed in with the team's token"}</p>
            {mode === "proxy" ? null : (
              <Menu.Item
                className="cursor-pointer rounded-lg px-2.5 py-1.5 data-highlighted:bg-hover"
                onClick={signOut}
              >
                Sign out
              </Menu.Item>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** A form, since signing out is no link that a page elsewhere could make somebody follow. */
function signOut(): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/auth/logout";
  document.body.append(form);
  form.submit();
}
