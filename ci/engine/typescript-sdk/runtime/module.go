package main

import (
	"context"
	"encoding/json"
	"path"
	"slices"

	"dagger/typescript-sdk/internal/dagger"
)

// A module as the engine loaded it: its directory may be anywhere below the context's root.
type module struct {
	name    string
	subpath string
	dir     string
	context *dagger.Directory
}

func newModule(ctx context.Context, source *dagger.ModuleSource) (*module, error) {
	name, err := source.ModuleOriginalName(ctx)
	if err != nil {
		return nil, err
	}
	subpath, err := source.SourceSubpath(ctx)
	if err != nil {
		return nil, err
	}
	return &module{
		name:    name,
		subpath: subpath,
		dir:     path.Join(contextDir, subpath),
		context: source.ContextDirectory(),
	}, nil
}

// sources is the module's own directory, which does not exist yet when the module is being made.
func (m *module) sources() *dagger.Directory {
	return dag.Directory().WithDirectory("/", m.context).WithNewDirectory(m.subpath).Directory(m.subpath)
}

// What tools/configure.ts writes where it is missing. Only what it would change counts here, not what it would keep.
type (
	packageFile struct {
		Type         string
		Dependencies struct{ Typescript string }
	}
	typescriptFile struct {
		CompilerOptions struct {
			Target, ModuleResolution string
			Strict, SkipLibCheck     *bool
			ExperimentalDecorators   bool
			Paths                    map[string][]string
		}
	}
)

// isConfigured says whether configure would change nothing. A module that was in use before has all that it needs, and
// asking for its own files makes the engine generate its code: a process less there is half of that time.
func (m *module) isConfigured(ctx context.Context) (bool, error) {
	sources := m.sources()
	names, err := sources.Entries(ctx)
	if err != nil {
		return false, err
	}
	for _, needed := range []string{"src/", "package.json", "tsconfig.json"} {
		if !slices.Contains(names, needed) {
			return false, nil
		}
	}
	packageText, err := sources.File("package.json").Contents(ctx)
	if err != nil {
		return false, err
	}
	typescriptText, err := sources.File("tsconfig.json").Contents(ctx)
	if err != nil {
		return false, err
	}
	return namesPackages(packageText) && compilesDecorators(typescriptText), nil
}

func namesPackages(text string) bool {
	var file packageFile
	err := json.Unmarshal([]byte(text), &file)
	return err == nil && file.Type == "module" && file.Dependencies.Typescript != ""
}

func compilesDecorators(text string) bool {
	var file typescriptFile
	err := json.Unmarshal([]byte(text), &file)
	options := file.CompilerOptions
	leads := func(name, to string) bool { return slices.Equal(options.Paths[name], []string{to}) }
	return err == nil && options.Target != "" && options.ModuleResolution != "" && options.Strict != nil &&
		options.SkipLibCheck != nil && options.ExperimentalDecorators &&
		leads("@dagger.io/dagger", "./sdk/index.ts") && leads("@dagger.io/dagger/telemetry", "./sdk/telemetry.ts")
}
