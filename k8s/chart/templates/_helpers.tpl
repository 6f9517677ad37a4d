{{- define "tuneplane.name" -}}
{{- if contains "tuneplane" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-tuneplane" (.Release.Name | trunc 40 | trimSuffix "-") }}{{ end }}
{{- end }}

{{- define "tuneplane.selector" -}}
app.kubernetes.io/name: tuneplane
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: control-plane
{{- end }}

{{- /* managed-by is Helm's, never "tuneplane": that marks what the control plane itself makes. */ -}}
{{- define "tuneplane.labels" -}}
{{ include "tuneplane.selector" . }}
app.kubernetes.io/part-of: tuneplane
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{- define "tuneplane.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- define "tuneplane.scheme" -}}
{{ eq .Values.tls.mode "off" | ternary "http" "https" }}
{{- end }}

{{- define "tuneplane.host" -}}
{{ include "tuneplane.name" . }}.{{ .Release.Namespace }}.svc
{{- end }}

{{- define "tuneplane.tlsSecret" -}}
{{ eq .Values.tls.mode "secret" | ternary .Values.tls.secretName (printf "%s-tls" (include "tuneplane.name" .)) }}
{{- end }}

{{- /* Whether ca.crt is among the TLS files. */ -}}
{{- define "tuneplane.ownAuthority" -}}
{{- if or (eq .Values.tls.mode "generate") (and (eq .Values.tls.mode "secret") .Values.tls.ownAuthority) }}true{{ end }}
{{- end }}

{{- define "tuneplane.config" -}}
{{- $own := dict
  "data_dir" "/var/lib/tuneplane"
  "cache_dir" "/var/cache/tuneplane"
  "server" (dict "host" "0.0.0.0" "port" 8686)
  "hub" (dict "pip" "none")
}}
{{- if eq .Values.tls.mode "off" }}
{{- $_ := set $own.server "plain_http" true }}
{{- else }}
{{- $_ := set $own.server "tls_cert" "/etc/tuneplane/tls/tls.crt" }}
{{- $_ := set $own.server "tls_key" "/etc/tuneplane/tls/tls.key" }}
{{- end }}
{{- if .Values.installationSecret }}{{ $_ := set $own "secret_file" "/etc/tuneplane/secret/secret.key" }}{{ end }}
{{- if .Values.persistence.artifacts.existingClaim }}{{ $_ := set $own "artifacts_dir" "/var/lib/tuneplane-artifacts/artifacts" }}{{ end }}
{{- if .Values.jobs.enabled }}
{{- $cluster := dict "namespace" .Values.jobs.namespace "location" .Values.jobs.location }}
{{- range $key, $value := dict "queue" .Values.jobs.queue "priority_class" .Values.jobs.priorityClass "models_claim" .Values.jobs.modelsClaim }}
{{- if $value }}{{ $_ := set $cluster $key $value }}{{ end }}
{{- end }}
{{- $images := dict }}
{{- range $key, $value := dict "trl" .Values.jobs.images.trl "djl" .Values.jobs.images.djl "vllm" .Values.jobs.images.vllm "pull_secret" .Values.jobs.images.pullSecret }}
{{- if $value }}{{ $_ := set $images $key $value }}{{ end }}
{{- end }}
{{- if $images }}{{ $_ := set $cluster "images" $images }}{{ end }}
{{- $_ := set $own "kubernetes" (mergeOverwrite (deepCopy .Values.jobs.settings) $cluster) }}
{{- if ne .Values.tls.mode "off" }}
{{- $control := dict "url" (printf "https://%s:%v" (include "tuneplane.host" .) .Values.service.port) }}
{{- if include "tuneplane.ownAuthority" . }}{{ $_ := set $control "ca_file" "/etc/tuneplane/tls/ca.crt" }}{{ end }}
{{- $_ := set $own "control_plane" $control }}
{{- end }}
{{- end }}
{{- /* What the user sets counts, but for what pods and volumes depend on. */}}
{{- toYaml (mergeOverwrite (deepCopy .Values.settings) $own) }}
{{- end }}

{{- define "tuneplane.check" -}}
{{- if and (gt (int .Values.replicas) 1) (not .Values.database.existingSecret) }}
{{- fail "replicas: more than one needs a PostgreSQL; set database.existingSecret" }}
{{- end }}
{{- if and (gt (int .Values.replicas) 1) (not .Values.installationSecret) }}
{{- fail "replicas: more than one share a secret; set installationSecret" }}
{{- end }}
{{- if and (gt (int .Values.replicas) 1) (not .Values.persistence.artifacts.existingClaim) }}
{{- fail "replicas: more than one share their artifacts; set persistence.artifacts.existingClaim to a ReadWriteMany claim" }}
{{- end }}
{{- if and (eq .Values.tls.mode "secret") (not .Values.tls.secretName) }}
{{- fail "tls.mode is secret: set tls.secretName" }}
{{- end }}
{{- if and .Values.jobs.enabled (eq .Values.jobs.namespace .Release.Namespace) }}
{{- fail "jobs.namespace is the release's own: jobs belong into a namespace of their own, in which their token's Secrets are all there is" }}
{{- end }}
{{- if and .Values.monitoring.enabled (not .Values.monitoring.keySecret) }}
{{- fail "monitoring.enabled: /metrics wants a key; set monitoring.keySecret (tuneplane keys create --role viewer --name prometheus)" }}
{{- end }}
{{- end }}
