import { expect, it } from "vitest";
import { envNames } from "./env-names.ts";

const hosts = (name: string, value: string) => envNames([{ name, value }])?.map(({ host }) => host) ?? [];

it.each([
  ["CART_URL", "http://cart.shop.svc.cluster.local:8080/api?x=1", ["cart.shop.svc.cluster.local"]],
  ["CART", "cart.shop.svc", ["cart.shop.svc"]],
  ["CART", "cart.shop.svc.cluster.local.", ["cart.shop.svc.cluster.local"]],
  ["CART", "cart.shop:7070", ["cart.shop"]],
  ["CART_HOST", "cart.shop", ["cart.shop"]],
  ["DATABASE_URL", "postgres://app:s3cret@db.data:5432/app?sslmode=disable", ["db.data"]],
  ["SPRING_DATASOURCE", "jdbc:postgresql://db.data:5432/app", ["db.data"]],
  ["MONGO", "mongodb://u:p@a.data:27017,b.data:27017/app", ["a.data", "b.data"]],
  [
    "KAFKA",
    "kafka-0.kafka.platform.svc:9092,kafka-1.kafka.platform.svc:9092",
    ["kafka-0.kafka.platform.svc", "kafka-1.kafka.platform.svc"],
  ],
])("keeps of %s=%s only the names: %j", (name, value, expected) => {
  expect(hosts(name, value)).toEqual(expected);
});

it.each([
  // Secrets, whatever they look like.
  ["PASSWORD", "hunter2"],
  ["DB_PASSWORD", "correct.horse"],
  ["API_TOKEN", "abc.def:123"],
  ["JWT", "eyJhbGciOi.eyJzdWIi.c2ln"],
  ["LOGIN", "admin:12345"],
  ["BASIC", "user.name"],
  ["AUTH_URL", "user.secret"],
  // Other places, and what is no place.
  ["API", "https://api.example.com/v1"],
  ["API_HOST", "api.example.com"],
  ["IMAGE", "nginx:1.27"],
  ["VERSION", "1.2"],
  ["RELEASE_HOST", "v1.2.3"],
  ["FILE", "/etc/app/server.properties"],
  ["CLASS", "java.util"],
  ["BIND_ADDRESS", "0.0.0.0:8080"],
  ["CART_HOST", "cart"],
  ["CART_ADDR", "cart:7070"],
  ["LATER", "http://$(CART_HOST).shop.svc"],
  ["TEXT", "see cart.shop.svc for more"],
  ["EMPTY", ""],
])("keeps nothing of %s=%s", (name, value) => {
  expect(envNames([{ name, value }])).toBeUndefined();
});

it.each([
  [
    "a value that stands elsewhere",
    [{ name: "CART_HOST", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }],
  ],
  ["no value", [{ name: "URL", value: null }]],
  ["what is no variable", ["cart.shop.svc", { value: "cart.shop.svc" }, 7]],
  ["no list", { CART: "cart.shop.svc" }],
  ["nothing", undefined],
])("keeps nothing of %s", (_, env) => {
  expect(envNames(env)).toBeUndefined();
});
