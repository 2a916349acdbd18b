"use client";

import { Screen } from "#components/shell/screen.tsx";
import { Button } from "#components/ui/button.tsx";

export default function PageError({ reset }: { readonly reset: () => void }) {
  return (
    <Screen kicker="A fault in Throughline" title="This page could not be drawn">
      <p>Nothing in the cluster was touched: Throughline only reads. The server's log has the details.</p>
      <Button look="primary" onClick={reset}>
        Try again
      </Button>
    </Screen>
  );
}
