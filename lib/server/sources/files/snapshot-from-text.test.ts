import { describe, expect, it } from "vitest";
import { snapshotFromText } from "./snapshot-from-text.ts";

describe("a first document in flow style", () => {
  it("does not lose the block style ones after it", () => {
    const text = `{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}]}}
---
apiVersion: v1
kind: Service
metadata:
  name: b
spec:
  ports: [{port: 80}]
`;
    const { objects, problems } = snapshotFromText(text, "two.yaml");
    expect(objects.services?.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(problems).toEqual([]);
  });
});
