/** A part of a sentence as its beginning: with a capital, unless the first word is a name (`web-0`, `shop/cart`, `10.0.0.1`). */
export function capital(text: string): string {
  return /^[a-z]+[,:]?(\s|$)/.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}
