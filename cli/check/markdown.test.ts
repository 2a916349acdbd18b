import { describe, expect, it } from "vitest";
import { faultyShop, reportOf } from "../testing/report-of.ts";
import { reportMarkdown } from "./markdown.ts";

describe("Markdown", () => {
  it("has a line a problem, which opens", () => {
    const markdown = reportMarkdown(reportOf(faultyShop));
    expect(markdown).toMatch(/^<!-- throughline check -->\n### Throughline: 1 error, /);
    expect(markdown).toContain(`<details>
<summary>❌ <b>NET-101</b> No pod in shop carries the labels that cart selects: app=cart · <code>service/shop/cart</code></summary>

\`shop.yaml:1\`

Nearly: 1 label differs: the selector asks app=cart, pods of pod/carts-0 carry app=carts

**Fix:** In the selector of service/cart set app=carts, to match the pods of pod/carts-0

\`\`\`sh
kubectl -n shop patch service cart --type merge -p '{"spec":{"selector":{"app":"carts"}}}'
\`\`\`
`);
    expect(markdown).toContain("Affects 1 Ingress, for shop.example.com.");
    expect(markdown).toContain("<summary>1 ignored</summary>");
  });

  it("fits a comment, and counts what it leaves out", () => {
    const services = Array.from({ length: 400 }, (_, i) =>
      faultyShop.replace("name: cart,", `name: cart-${i},`),
    );
    const markdown = reportMarkdown(reportOf(services.join("---\n")));
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown).toMatch(/…and \d+ more, which are too many for a comment\./);
    expect(markdown.match(/<details>/g)).toHaveLength(markdown.match(/<\/details>/g)?.length ?? -1);
  });

  it("takes nothing from names and messages for Markdown or HTML, and calls nobody", () => {
    const report = reportOf("");
    const why = "</details> @everyone [x](y) `code` *bold*";
    const input = [{ kind: "invalid", where: "a`b.yaml", why, place: undefined }] as const;
    expect(reportMarkdown({ ...report, input })).toContain(
      "- ``a`b.yaml``: \\</details\\> @\u200beveryone \\[x\\](y) \\`code\\` \\*bold\\*",
    );
  });
});
