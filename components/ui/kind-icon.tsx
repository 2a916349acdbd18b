import {
  Box,
  Boxes,
  CalendarClock,
  Circle,
  CircleDot,
  Container,
  Database,
  ExternalLink,
  FileCog,
  Globe,
  Layers,
  LogIn,
  type LucideIcon,
  Network,
  Play,
  Route,
  Server,
  Shield,
  SquareStack,
  Waypoints,
} from "lucide-react";

const icons: Readonly<Record<string, LucideIcon>> = {
  internet: Globe,
  gateway: Waypoints,
  "gateway-class": Waypoints,
  "listener-set": Waypoints,
  ingress: LogIn,
  "ingress-class": LogIn,
  "http-route": Route,
  "grpc-route": Route,
  "tls-route": Route,
  "tcp-route": Route,
  "udp-route": Route,
  service: CircleDot,
  "endpoint-slice": Network,
  deployment: Box,
  "replica-set": Boxes,
  "stateful-set": Database,
  "daemon-set": Layers,
  job: Play,
  "cron-job": CalendarClock,
  pod: Container,
  node: Server,
  namespace: SquareStack,
  "network-policy": Shield,
  "cluster-network-policy": Shield,
  "admin-network-policy": Shield,
  "baseline-admin-network-policy": Shield,
  "cilium-network-policy": Shield,
  "cilium-clusterwide-network-policy": Shield,
  "calico-network-policy": Shield,
  "calico-global-network-policy": Shield,
  "antrea-network-policy": Shield,
  "antrea-cluster-network-policy": Shield,
  "authorization-policy": Shield,
  "egress-firewall": Shield,
  "reference-grant": FileCog,
  "config-map": FileCog,
  "external-address": ExternalLink,
  folded: Layers,
};

export function KindIcon({
  kind,
  className = "size-4",
}: {
  readonly kind: string;
  readonly className?: string;
}) {
  const Icon = icons[kind] ?? Circle;
  return <Icon aria-hidden className={`shrink-0 ${className}`} strokeWidth={1.75} />;
}
