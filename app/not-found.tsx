import { Screen } from "#components/shell/screen.tsx";
import { buttonClass } from "#components/ui/button.tsx";

export default function NotFound() {
  return (
    <Screen kicker="404" title="There is no such page">
      <a href="/" className={buttonClass("primary")}>
        Open the map
      </a>
    </Screen>
  );
}
