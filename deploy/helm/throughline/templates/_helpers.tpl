{{- define "throughline.name" -}}
{{- if contains "throughline" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-throughline" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "throughline.selector" -}}
app.kubernetes.io/name: throughline
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "throughline.labels" -}}
{{ include "throughline.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* "true" where oauth2-proxy runs in the pod. */}}
{{- define "throughline.sidecar" -}}
{{- if and (eq .Values.auth.mode "proxy") .Values.auth.proxy.sidecar.enabled }}true{{ end }}
{{- end }}

{{/* "true" where the server itself listens to others. */}}
{{- define "throughline.listens" -}}
{{- if not (or (eq .Values.auth.mode "loopback") (include "throughline.sidecar" .)) }}true{{ end }}
{{- end }}

{{- define "throughline.port" -}}
{{ if include "throughline.sidecar" . }}login{{ else }}http{{ end }}
{{- end }}

{{- define "throughline.probe" -}}
{{- if include "throughline.listens" .root -}}
httpGet: { path: {{ .path }}, port: http }
{{- else -}}
exec: { command: [/nodejs/bin/node, deploy/probe.mjs, {{ .path }}] }
{{- end }}
{{- end }}

{{- define "throughline.subject" -}}
- kind: ServiceAccount
  name: {{ include "throughline.name" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}

{{/* What a namespace has; the same in the ClusterRole and in the Roles. */}}
{{- define "throughline.namespacedRules" -}}
- apiGroups: [""]
  resources: [pods, services, endpoints, events]
  verbs: [get, list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
- apiGroups: [networking.k8s.io]
  resources: [ingresses, networkpolicies]
  verbs: [get, list, watch]
- apiGroups: [extensions]
  resources: [ingresses]
  verbs: [get, list, watch]
- apiGroups: [apps]
  resources: [deployments, replicasets, statefulsets, daemonsets]
  verbs: [get, list, watch]
- apiGroups: [batch]
  resources: [jobs, cronjobs]
  verbs: [get, list, watch]
- apiGroups: [gateway.networking.k8s.io]
  resources: [gateways, listenersets, httproutes, grpcroutes, tlsroutes, tcproutes, udproutes, referencegrants]
  verbs: [get, list, watch]
- apiGroups: [gateway.networking.x-k8s.io]
  resources: [xlistenersets]
  verbs: [get, list, watch]
- apiGroups: [cilium.io]
  resources: [ciliumnetworkpolicies]
  verbs: [get, list, watch]
- apiGroups: [crd.projectcalico.org, projectcalico.org]
  resources: [networkpolicies]
  verbs: [get, list, watch]
- apiGroups: [crd.antrea.io]
  resources: [networkpolicies]
  verbs: [get, list, watch]
- apiGroups: [security.istio.io]
  resources: [authorizationpolicies]
  verbs: [get, list, watch]
- apiGroups: [k8s.ovn.org]
  resources: [egressfirewalls]
  verbs: [get, list, watch]
- apiGroups: [cert-manager.io]
  resources: [certificates]
  verbs: [get, list, watch]
{{- end }}
