/**
 * Every check, by hand: a list that one can read, and that a test holds against the folder.
 *
 * Codes are stable and never reused; a retired one stays in this comment. Families, with room in each:
 *   NET-1xx Service and endpoints · NET-2xx Ingress and TLS · NET-3xx Gateway API · NET-4xx network policy
 *   NET-5xx pod and node · NET-6xx DNS · NET-7xx the network plugin and kube-proxy
 */
import type { Check } from "./check.ts";
import { cniNotRunningOnNode } from "./checks/cni/not-running-on-node.ts";
import { cniPoliciesNotEnforced } from "./checks/cni/policies-not-enforced.ts";
import { dnsCorefile } from "./checks/dns/corefile.ts";
import { dnsEgressBlocked } from "./checks/dns/egress-blocked.ts";
import { dnsNameUnresolvable } from "./checks/dns/name-unresolvable.ts";
import { dnsNoReadyServer } from "./checks/dns/no-ready-server.ts";
import { gatewayClassNotAccepted } from "./checks/gateway/class-not-accepted.ts";
import { gatewayListenerConflict } from "./checks/gateway/listener-conflict.ts";
import { gatewayNoAddress } from "./checks/gateway/no-address.ts";
import { ingressBackendNoEndpoints } from "./checks/ingress/backend-no-endpoints.ts";
import { ingressBackendPortMissing } from "./checks/ingress/backend-port-missing.ts";
import { ingressBackendServiceMissing } from "./checks/ingress/backend-service-missing.ts";
import { ingressBlockedByPolicy } from "./checks/ingress/blocked-by-policy.ts";
import { ingressCanaryWithoutMain } from "./checks/ingress/canary-without-main.ts";
import { ingressClassMissing } from "./checks/ingress/class-missing.ts";
import { ingressHostConflict } from "./checks/ingress/host-conflict.ts";
import { ingressNoController } from "./checks/ingress/no-controller.ts";
import { ingressRewriteWithoutCapture } from "./checks/ingress/rewrite-without-capture.ts";
import { ingressShadowedPath } from "./checks/ingress/shadowed-path.ts";
import { kubeProxyNotRunningOnNode } from "./checks/kube-proxy/not-running-on-node.ts";
import { nodeCidrOverlap } from "./checks/node/cidr-overlap.ts";
import { nodeNetworkUnavailable } from "./checks/node/network-unavailable.ts";
import { nodeNotReady } from "./checks/node/not-ready.ts";
import { podDnsPolicy } from "./checks/pod/dns-policy.ts";
import { podDuplicateIp } from "./checks/pod/duplicate-ip.ts";
import { podHostPortConflict } from "./checks/pod/host-port-conflict.ts";
import { podIpOutsidePodCidr } from "./checks/pod/ip-outside-pod-cidr.ts";
import { podNoNetworkLimitsUnderPressure } from "./checks/pod/no-network-limits-under-pressure.ts";
import { podProbePortUnserved } from "./checks/pod/probe-port-unserved.ts";
import { policyBlocksIngressController } from "./checks/policy/blocks-ingress-controller.ts";
import { policyBlocksKubeletProbes } from "./checks/policy/blocks-kubelet-probes.ts";
import { policyBlocksMetrics } from "./checks/policy/blocks-metrics.ts";
import { policyBlocksService } from "./checks/policy/blocks-service.ts";
import { policyConflictingTiers } from "./checks/policy/conflicting-tiers.ts";
import { policyForeignKindNotEvaluated } from "./checks/policy/foreign-kind-not-evaluated.ts";
import { policyInvalid } from "./checks/policy/invalid.ts";
import { policyNamespaceUnprotected } from "./checks/policy/namespace-unprotected.ts";
import { policyPeerMatchesNothing } from "./checks/policy/peer-matches-nothing.ts";
import { policyPodUnprotected } from "./checks/policy/pod-unprotected.ts";
import { policyPortMatchesNothing } from "./checks/policy/port-matches-nothing.ts";
import { policyRedundant } from "./checks/policy/redundant.ts";
import { policySelectsNothing } from "./checks/policy/selects-nothing.ts";
import { routeAllWeightsZero } from "./checks/route/all-weights-zero.ts";
import { routeBackendMissing } from "./checks/route/backend-missing.ts";
import { routeBackendNoEndpoints } from "./checks/route/backend-no-endpoints.ts";
import { routeNotAttached } from "./checks/route/not-attached.ts";
import { routeReferenceNotPermitted } from "./checks/route/reference-not-permitted.ts";
import { routeShadowed } from "./checks/route/shadowed.ts";
import { serviceDuplicateClusterIp } from "./checks/service/duplicate-cluster-ip.ts";
import { serviceEndpointsDrift } from "./checks/service/endpoints-drift.ts";
import { serviceExternalName } from "./checks/service/external-name-loops-or-has-ports.ts";
import { serviceHeadlessServiceMissing } from "./checks/service/headless-service-missing.ts";
import { serviceHintsStarveZone } from "./checks/service/hints-starve-zone.ts";
import { serviceIpFamilyMismatch } from "./checks/service/ip-family-mismatch.ts";
import { serviceLoadBalancerPending } from "./checks/service/load-balancer-pending.ts";
import { serviceLocalTrafficPolicyHole } from "./checks/service/local-traffic-policy-hole.ts";
import { serviceNoReadyEndpoints } from "./checks/service/no-ready-endpoints.ts";
import { serviceNodePortConflict } from "./checks/service/node-port-conflict.ts";
import { serviceOverlappingSelectors } from "./checks/service/overlapping-selectors.ts";
import { serviceProtocolMismatch } from "./checks/service/protocol-mismatch.ts";
import { serviceSelectorMatchesNothing } from "./checks/service/selector-matches-nothing.ts";
import { serviceSomeEndpointsNotReady } from "./checks/service/some-endpoints-not-ready.ts";
import { serviceTargetPortNameUnresolved } from "./checks/service/target-port-name-unresolved.ts";
import { serviceTargetPortUndeclared } from "./checks/service/target-port-undeclared.ts";
import { serviceUnprotectedExposure } from "./checks/service/unprotected-exposure.ts";
import { tlsCertificateRefused } from "./checks/tls/certificate-refused.ts";
import { tlsChainOrder } from "./checks/tls/chain-order.ts";
import { tlsExpired } from "./checks/tls/expired.ts";
import { tlsExpiresSoon } from "./checks/tls/expires-soon.ts";
import { tlsHostNotCovered } from "./checks/tls/host-not-covered.ts";
import { tlsKeyMismatch } from "./checks/tls/key-mismatch.ts";
import { tlsReferenceNotPermitted } from "./checks/tls/reference-not-permitted.ts";
import { tlsSecretMissing } from "./checks/tls/secret-missing.ts";
import { tlsWrongType } from "./checks/tls/wrong-type.ts";

/** By code. */
export const checks: readonly Check[] = [
  serviceSelectorMatchesNothing,
  serviceNoReadyEndpoints,
  serviceSomeEndpointsNotReady,
  serviceTargetPortNameUnresolved,
  serviceLoadBalancerPending,
  serviceTargetPortUndeclared,
  serviceProtocolMismatch,
  serviceEndpointsDrift,
  serviceLocalTrafficPolicyHole,
  serviceHintsStarveZone,
  serviceExternalName,
  serviceDuplicateClusterIp,
  serviceNodePortConflict,
  serviceIpFamilyMismatch,
  serviceOverlappingSelectors,
  serviceHeadlessServiceMissing,
  serviceUnprotectedExposure,
  ingressBackendServiceMissing,
  ingressBackendPortMissing,
  ingressClassMissing,
  ingressNoController,
  ingressBackendNoEndpoints,
  ingressShadowedPath,
  ingressHostConflict,
  ingressBlockedByPolicy,
  ingressRewriteWithoutCapture,
  ingressCanaryWithoutMain,
  tlsSecretMissing,
  tlsWrongType,
  tlsHostNotCovered,
  tlsExpired,
  tlsExpiresSoon,
  tlsKeyMismatch,
  tlsChainOrder,
  tlsReferenceNotPermitted,
  tlsCertificateRefused,
  routeNotAttached,
  routeReferenceNotPermitted,
  routeBackendMissing,
  routeAllWeightsZero,
  routeShadowed,
  routeBackendNoEndpoints,
  gatewayClassNotAccepted,
  gatewayListenerConflict,
  gatewayNoAddress,
  policySelectsNothing,
  policyPeerMatchesNothing,
  policyPortMatchesNothing,
  policyBlocksService,
  policyBlocksKubeletProbes,
  policyBlocksMetrics,
  policyBlocksIngressController,
  policyNamespaceUnprotected,
  policyPodUnprotected,
  policyRedundant,
  policyConflictingTiers,
  policyForeignKindNotEvaluated,
  policyInvalid,
  podDuplicateIp,
  podIpOutsidePodCidr,
  podHostPortConflict,
  podProbePortUnserved,
  podDnsPolicy,
  podNoNetworkLimitsUnderPressure,
  nodeNetworkUnavailable,
  nodeNotReady,
  nodeCidrOverlap,
  dnsNoReadyServer,
  dnsCorefile,
  dnsEgressBlocked,
  dnsNameUnresolvable,
  cniNotRunningOnNode,
  cniPoliciesNotEnforced,
  kubeProxyNotRunningOnNode,
];
