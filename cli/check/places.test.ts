import path from "node:path";
import { expect, it } from "vitest";
import { placeWith } from "../testing/run-command.ts";
import { placeInWords, placesIn } from "./places.ts";

const { folder, remove } = placeWith({ "k8s/shop/cart.yaml": "", "dump.yaml": "", "bundle.tgz": "" });
const placed = (given: string, file: string, line?: number, from = folder) => {
  const place = placesIn(given, from)({ file, line });
  return place === undefined ? undefined : placeInWords(place).replace(folder, "<folder>");
};

it("says where an object stands as seen from where the command runs", () => {
  expect(placed("k8s", "shop/cart.yaml", 4)).toBe("k8s/shop/cart.yaml:4");
  expect(placed("./k8s/", "shop/cart.yaml", 4)).toBe("k8s/shop/cart.yaml:4");
  expect(placed(".", "k8s/shop/cart.yaml", 4)).toBe("k8s/shop/cart.yaml:4");
  expect(placed("dump.yaml", "dump.yaml", 9)).toBe("dump.yaml:9");
  expect(placed("bundle.tgz", "pods/shop.json", 2)).toBe("bundle.tgz: pods/shop.json:2");
});

it("is absolute where the files are not below that", () => {
  expect(placed("../dump.yaml", "dump.yaml", 1, path.join(folder, "k8s"))).toBe("<folder>/dump.yaml:1");
});

it("has no place for what stands in no file", () => {
  expect(placesIn(undefined, folder)({ file: "x" })).toBeUndefined();
  expect(placesIn("dump.yaml", folder)(undefined)).toBeUndefined();
  remove();
});
