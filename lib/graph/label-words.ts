/** A label as a card has room for it: `app.kubernetes.io/name=cart` is `name=cart`. */
export function shortLabel(key: string, value: string): string {
  return `${key.slice(key.indexOf("/") + 1)}=${value}`;
}
