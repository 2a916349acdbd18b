import { expect, it } from "vitest";
import { flagsOf } from "./container-flags.ts";

it.each<[string, readonly string[], object | undefined]>([
  ["no flag", ["/nginx-ingress-controller"], undefined],
  ["a flag that nothing asks about", ["--configmap=a/b", "--secret=x"], undefined],
  [
    "flags of every spelling",
    ["/controller", "--controller-class=k8s.io/internal", "-watch-ingress-without-class"],
    { "controller-class": "k8s.io/internal", "watch-ingress-without-class": "true" },
  ],
  [
    "a value that is a word of its own",
    ["--controller-class", "k8s.io/internal"],
    { "controller-class": "k8s.io/internal" },
  ],
  [
    "the last of two",
    ["--watch-ingress-without-class", "--watch-ingress-without-class=false"],
    { "watch-ingress-without-class": "false" },
  ],
])("reads %s", (_, words, expected) => {
  expect(flagsOf(words)).toEqual(expected);
});
