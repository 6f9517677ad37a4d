// What an API server would say to manifests, without one: fields that it does not know, its own rules of
// validation, and the Pod Security Standard "restricted" for every pod.
// usage: validate FILE...
//
//	validate --rights FILE    the rights of its Roles ("Role jobs.batch create") and ClusterRoles, a line each
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	apps_rules "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	batch_rules "k8s.io/kubernetes/pkg/apis/batch/validation"
	core "k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	core_rules "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	net_rules "k8s.io/kubernetes/pkg/apis/networking/validation"
	"k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	policy_rules "k8s.io/kubernetes/pkg/apis/policy/validation"
	"k8s.io/kubernetes/pkg/apis/rbac"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	rbac_rules "k8s.io/kubernetes/pkg/apis/rbac/validation"
	"k8s.io/pod-security-admission/api"
	security "k8s.io/pod-security-admission/policy"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "--rights" {
		rights(os.Args[2])
		return
	}
	bad := 0
	for _, file := range os.Args[1:] {
		problems, count := check(file)
		for _, problem := range problems {
			fmt.Printf("%s: %s\n", file, problem)
		}
		fmt.Printf("%s: %d objects, %d problems\n", file, count, len(problems))
		bad += len(problems)
	}
	if bad > 0 {
		os.Exit(1)
	}
}

func rights(file string) {
	problems, _ := each(file, func(object runtime.Object) []string {
		switch it := object.(type) {
		case *rbacv1.Role:
			tell("Role", it.Rules)
		case *rbacv1.ClusterRole:
			tell("ClusterRole", it.Rules)
		}
		return nil
	})
	if len(problems) > 0 {
		fmt.Fprintln(os.Stderr, strings.Join(problems, "\n"))
		os.Exit(1)
	}
}

func tell(kind string, rules []rbacv1.PolicyRule) {
	for _, rule := range rules {
		for _, group := range rule.APIGroups {
			for _, resource := range rule.Resources {
				for _, verb := range rule.Verbs {
					fmt.Println(kind, strings.TrimSuffix(resource+"."+group, "."), verb)
				}
			}
		}
	}
}

func check(file string) (problems []string, count int) {
	return each(file, judge)
}

func each(file string, look func(runtime.Object) []string) (problems []string, count int) {
	input, err := os.Open(file)
	if err != nil {
		return []string{err.Error()}, 0
	}
	defer input.Close()
	documents := yaml.NewYAMLOrJSONDecoder(input, 4096)
	strict := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	for {
		var raw runtime.RawExtension
		if err := documents.Decode(&raw); errors.Is(err, io.EOF) {
			return problems, count
		} else if err != nil {
			return append(problems, err.Error()), count
		}
		if len(raw.Raw) == 0 || string(raw.Raw) == "null" {
			continue
		}
		count++
		object, kind, err := strict.Decode(raw.Raw, nil, nil)
		if runtime.IsNotRegisteredError(err) {
			if !strings.Contains(kind.Group, ".k8s.io") && strings.Contains(kind.Group, ".") {
				continue // a custom resource, whose rules are elsewhere
			}
		}
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		for _, problem := range look(object) {
			problems = append(problems, kind.Kind+" "+object.(metav1.Object).GetName()+": "+problem)
		}
	}
}

func judge(object runtime.Object) (problems []string) {
	legacyscheme.Scheme.Default(object)
	problems = append(problems, insecure(object)...)
	internal, err := legacyscheme.Scheme.UnsafeConvertToVersion(object, runtime.InternalGroupVersioner)
	if err != nil {
		return append(problems, err.Error())
	}
	var found field.ErrorList
	switch it := internal.(type) {
	case *core.Pod:
		found = core_rules.ValidatePodCreate(it, core_rules.PodValidationOptions{})
	case *core.Service:
		// The server fills in addresses.
		it.Spec.ClusterIPs, it.Spec.IPFamilies = nil, nil
		found = core_rules.ValidateServiceCreate(it)
	case *core.Secret:
		found = core_rules.ValidateSecret(it)
	case *core.ConfigMap:
		found = core_rules.ValidateConfigMap(it)
	case *core.Namespace:
		found = core_rules.ValidateNamespace(it)
	case *core.ServiceAccount:
		found = core_rules.ValidateServiceAccount(it)
	case *core.PersistentVolumeClaim:
		found = core_rules.ValidatePersistentVolumeClaim(it, core_rules.PersistentVolumeClaimSpecValidationOptions{})
	case *apps.StatefulSet:
		found = apps_rules.ValidateStatefulSet(it, core_rules.PodValidationOptions{})
	case *apps.Deployment:
		found = apps_rules.ValidateDeployment(it, core_rules.PodValidationOptions{})
	case *batch.Job:
		found = batch_rules.ValidateJob(it, batch_rules.JobValidationOptions{})
	case *networking.NetworkPolicy:
		found = net_rules.ValidateNetworkPolicy(it, net_rules.NetworkPolicyValidationOptions{})
	case *policy.PodDisruptionBudget:
		found = policy_rules.ValidatePodDisruptionBudget(it, policy_rules.PodDisruptionBudgetValidationOptions{})
	case *rbac.Role:
		found = rbac_rules.ValidateRole(it)
	case *rbac.RoleBinding:
		found = rbac_rules.ValidateRoleBinding(it)
	case *rbac.ClusterRole:
		found = rbac_rules.ValidateClusterRole(it, rbac_rules.ClusterRoleValidationOptions{})
	case *rbac.ClusterRoleBinding:
		found = rbac_rules.ValidateClusterRoleBinding(it)
	default:
		return append(problems, "no rules for this kind are known here")
	}
	for _, err := range found {
		problems = append(problems, err.Error())
	}
	return problems
}

// What the admission of a namespace that enforces "restricted" would say.
func insecure(object runtime.Object) (problems []string) {
	var template *corev1.PodTemplateSpec
	switch it := object.(type) {
	case *corev1.Pod:
		template = &corev1.PodTemplateSpec{ObjectMeta: it.ObjectMeta, Spec: it.Spec}
	case *appsv1.StatefulSet:
		template = &it.Spec.Template
	case *appsv1.Deployment:
		template = &it.Spec.Template
	case *batchv1.Job:
		template = &it.Spec.Template
	default:
		return nil
	}
	evaluator, err := security.NewEvaluator(security.DefaultChecks())
	if err != nil {
		return []string{err.Error()}
	}
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	for _, result := range evaluator.EvaluatePod(level, &template.ObjectMeta, &template.Spec) {
		if !result.Allowed {
			problems = append(problems, "restricted: "+result.ForbiddenReason+": "+result.ForbiddenDetail)
		}
	}
	return problems
}
