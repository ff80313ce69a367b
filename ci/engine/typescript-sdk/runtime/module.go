package main

import (
	"context"
	"path"

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
