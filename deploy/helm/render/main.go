// For tests, where there is no helm: renders a chart with the libraries that helm is made of (Go's text/template and
// Masterminds/sprig) and the functions that helm adds. It takes no dependencies, hooks, subcharts or files of a chart,
// asks no cluster, and checks no schema: the test does that.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run deploy/helm/render/main.go CHART RELEASE NAMESPACE VALUES.json
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/ghodss/yaml"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(chart, release, namespace, given string) error {
	var about, values map[string]interface{}
	if err := readYAML(filepath.Join(chart, "Chart.yaml"), &about); err != nil {
		return err
	}
	if err := readYAML(filepath.Join(chart, "values.yaml"), &values); err != nil {
		return err
	}
	var over map[string]interface{}
	if err := readYAML(given, &over); err != nil {
		return err
	}
	data := map[string]interface{}{
		"Values": merged(values, over),
		"Chart": map[string]interface{}{
			"Name": about["name"], "Version": about["version"], "AppVersion": about["appVersion"],
		},
		"Release": map[string]interface{}{
			"Name": release, "Namespace": namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1,
		},
	}
	names, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	if err != nil {
		return err
	}
	sort.Strings(names)
	all := template.New("chart").Option("missingkey=error")
	all.Funcs(functions(all))
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := all.New(filepath.Base(name)).Parse(string(text)); err != nil {
			return err
		}
	}
	for _, name := range names {
		if filepath.Ext(name) != ".yaml" {
			continue
		}
		var out bytes.Buffer
		if err := all.ExecuteTemplate(&out, filepath.Base(name), data); err != nil {
			return err
		}
		if strings.TrimSpace(out.String()) != "" {
			fmt.Printf("---\n%s\n", strings.TrimPrefix(strings.TrimSpace(out.String()), "---\n"))
		}
	}
	return nil
}

func functions(all *template.Template) template.FuncMap {
	added := sprig.TxtFuncMap()
	// As helm has it: nothing of the machine that renders.
	delete(added, "env")
	delete(added, "expandenv")
	added["include"] = func(name string, data interface{}) (string, error) {
		var out strings.Builder
		err := all.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	added["toYaml"] = func(value interface{}) string {
		text, err := yaml.Marshal(value)
		if err != nil {
			return ""
		}
		return strings.TrimSuffix(string(text), "\n")
	}
	added["toJson"] = func(value interface{}) string {
		text, _ := json.Marshal(value)
		return string(text)
	}
	added["required"] = func(why string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return value, errors.New(why)
		}
		return value, nil
	}
	return added
}

func readYAML(name string, into interface{}) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return yaml.Unmarshal(text, into)
}

// Maps are merged, everything else of `over` takes the place of what was there.
func merged(under, over map[string]interface{}) map[string]interface{} {
	all := map[string]interface{}{}
	for key, value := range under {
		all[key] = value
	}
	for key, value := range over {
		inner, isMap := value.(map[string]interface{})
		below, wasMap := all[key].(map[string]interface{})
		if isMap && wasMap {
			all[key] = merged(below, inner)
		} else {
			all[key] = value
		}
	}
	return all
}
