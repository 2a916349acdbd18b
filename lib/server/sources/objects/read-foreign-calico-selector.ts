import type { MatchExpression } from "#lib/model/objects.ts";

const string = `(?:'[^']*'|"[^"]*")`;
// No line breaks: not every version of Calico takes them, and what it cannot parse it may leave out.
const gap = String.raw`[ \t]*`;
// A key ends where no more of its characters follow: `appin` is no `app in`.
const key = String.raw`([\w./-]+)(?![\w./-])`;

const sticky = (source: string) => new RegExp(source, "y");

const space = sticky(gap);
const open = sticky(String.raw`\(`);
const close = sticky(String.raw`\)`);
const and = sticky("&&");
const all = sticky(String.raw`all\(${gap}\)`);
const has = sticky(String.raw`(!${gap})?has\(${gap}${key}${gap}\)`);
const compared = sticky(`${key}${gap}(==|!=)${gap}(${string})`);
const member = sticky(
  String.raw`${key}${gap}(in|not${gap}in)${gap}\{${gap}(${string}(?:${gap},${gap}${string})*)${gap}(?:,${gap})?\}`,
);

/**
 * A Calico selector as requirements that must all hold; empty for one that selects everything.
 *
 * Reads what is made of `all()`, `has(k)`, `!has(k)`, `==`, `!=`, `in`, `not in`, `&&` and parentheses. Undefined for
 * everything else: `||`, `contains`, `starts with`, `ends with`, `global()`, other negations, and what Calico would
 * not take either. As in a LabelSelector, `!=` and `not in` hold where the label is absent. (docs.tigera.io, Global
 * network policy, "Selectors".)
 */
export function calicoExpressions(selector: string): readonly MatchExpression[] | undefined {
  const text = selector.replace(/^[ \t]+|[ \t]+$/g, "");
  const found: MatchExpression[] = [];
  let at = 0;
  // Parentheses only group here, as there is neither `||` nor `!(`: it is enough that they are balanced.
  let depth = 0;

  function take(form: RegExp): readonly string[] | undefined {
    form.lastIndex = at;
    const match = form.exec(text);
    if (match === null) return undefined;
    at = form.lastIndex;
    return match;
  }

  while (at < text.length) {
    while (take(open) !== undefined) {
      depth++;
      take(space);
    }
    const expression = operand(take);
    if (expression === undefined) return undefined;
    if (expression !== "all") found.push(expression);
    take(space);
    while (depth > 0 && take(close) !== undefined) {
      depth--;
      take(space);
    }
    if (at === text.length) return depth === 0 ? found : undefined;
    if (take(and) === undefined) return undefined;
    take(space);
  }
  // Nothing at all, or something that ends in `&&`.
  return text === "" ? found : undefined;
}

function operand(take: (form: RegExp) => readonly string[] | undefined): MatchExpression | "all" | undefined {
  if (take(all) !== undefined) return "all";
  const presence = take(has);
  if (presence !== undefined) {
    const [, not, name = ""] = presence;
    return { key: name, operator: not === undefined ? "Exists" : "DoesNotExist", values: [] };
  }
  const [, name = "", operator, values = ""] = take(compared) ?? take(member) ?? [];
  if (operator === undefined) return undefined;
  return {
    key: name,
    operator: operator === "==" || operator === "in" ? "In" : "NotIn",
    values: [...values.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? ""),
  };
}
