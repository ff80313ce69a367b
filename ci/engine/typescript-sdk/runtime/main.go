// The runtime of Dagger modules that are written in TypeScript.
package main

import (
	"context"
	"path"
	"slices"

	"dagger/typescript-sdk/internal/dagger"
)

const (
	baseImage   = "node:24-bookworm-slim"
	sdkDir      = "/dagger-sdk"
	contextDir  = "/src"
	clientDir   = "/dagger-client"
	clientFile  = "client.gen.ts"
	buildSubdir = "__dagger"
	caBundle    = "/etc/ssl/certs/ca-certificates.crt"
)

// What decides which npm packages a module gets.
var manifests = []string{"package.json", "package-lock.json", "npm-shrinkwrap.json", ".npmrc"}

// What the engine gives the SDK: the content that this module comes with.
type TypescriptSdk struct {
	SDKSourceDir *dagger.Directory
}

func New(
	// +optional
	sdkSourceDir *dagger.Directory,
) *TypescriptSdk {
	return &TypescriptSdk{SDKSourceDir: sdkSourceDir}
}

// ModuleRuntime returns the container that answers one call of the module and exits.
func (t *TypescriptSdk) ModuleRuntime(
	ctx context.Context,
	modSource *dagger.ModuleSource,
	introspectionJSON *dagger.File,
) (*dagger.Container, error) {
	mod, err := newModule(ctx, modSource)
	if err != nil {
		return nil, err
	}
	installed, err := t.install(ctx, mod)
	if err != nil {
		return nil, err
	}
	out := path.Join(mod.dir, buildSubdir)
	return node().
		WithMountedDirectory(contextDir, t.build(installed, mod, introspectionJSON)).
		WithEnvVariable("NODE_COMPILE_CACHE", path.Join(out, "cache")).
		WithWorkdir(mod.dir).
		WithEntrypoint([]string{"node", "--no-deprecation", path.Join(out, "module.mjs")}), nil
}

// Codegen returns what an editor and the TypeScript compiler need to understand the module.
func (t *TypescriptSdk) Codegen(
	ctx context.Context,
	modSource *dagger.ModuleSource,
	introspectionJSON *dagger.File,
) (*dagger.GeneratedCode, error) {
	mod, err := newModule(ctx, modSource)
	if err != nil {
		return nil, err
	}
	configured, err := mod.isConfigured(ctx)
	if err != nil {
		return nil, err
	}
	files := dag.Directory()
	if !configured {
		files = t.configure(mod)
	}
	sdk := t.SDKSourceDir.Directory("sdk").WithFile(clientFile, t.client(introspectionJSON).File(clientFile))
	return dag.GeneratedCode(mod.context.WithDirectory(mod.subpath, files.WithDirectory("sdk", sdk))).
		WithVCSGeneratedPaths([]string{"sdk/**"}).
		WithVCSIgnoredPaths([]string{"sdk", "**/node_modules"}), nil
}

// build turns the module's sources into the context directory that calls run in. Its steps are ordered by
// how often they change: the client with the engine, the packages with the lock file, the bundle with an edit.
func (t *TypescriptSdk) build(
	installed *dagger.Container,
	mod *module,
	introspectionJSON *dagger.File,
) *dagger.Directory {
	client := path.Join(clientDir, clientFile)
	out := path.Join(mod.dir, buildSubdir)
	return installed.
		WithMountedDirectory(clientDir, t.client(introspectionJSON)).
		WithDirectory(contextDir, mod.context, dagger.ContainerWithDirectoryOpts{
			Exclude: []string{path.Join(mod.subpath, "node_modules"), path.Join(mod.subpath, buildSubdir)},
		}).
		WithMountedCache("/compile-cache", dag.CacheVolume("typescript-sdk-compile-cache")).
		WithEnvVariable("NODE_COMPILE_CACHE", "/compile-cache").
		WithExec([]string{"node", tool("build"), mod.name, client, out}).
		Directory(contextDir)
}

// install sees only the files that name packages, so that an edit of the sources does not repeat it. It takes
// their text, not the files: the engine keeps this result for clones that come later, and would look for such a file
// in the folder of the clone that was first, which may be gone.
func (t *TypescriptSdk) install(ctx context.Context, mod *module) (*dagger.Container, error) {
	sources := mod.context.Directory(mod.subpath)
	names, err := sources.Entries(ctx)
	if err != nil {
		return nil, err
	}
	ctr := t.withTools().WithWorkdir(mod.dir)
	for _, name := range names {
		if !slices.Contains(manifests, name) {
			continue
		}
		text, err := sources.File(name).Contents(ctx)
		if err != nil {
			return nil, err
		}
		ctr = ctr.WithNewFile(path.Join(mod.dir, name), text)
	}
	return ctr.
		WithMountedCache("/root/.npm", dag.CacheVolume("typescript-sdk-npm")).
		WithExec([]string{"node", tool("install")}), nil
}

// configure adds to the module what it needs and lacks: sources to start from, package.json, tsconfig.json.
func (t *TypescriptSdk) configure(mod *module) *dagger.Directory {
	configured := t.withTools().
		WithDirectory(mod.dir, mod.sources()).
		WithWorkdir(mod.dir).
		WithExec([]string{"node", tool("configure"), mod.name}).
		Directory(mod.dir)
	return dag.Directory().WithDirectory("/", configured, dagger.DirectoryWithDirectoryOpts{
		Include: []string{"package.json", "tsconfig.json", "src/**"},
	})
}

// client generates the API client, which has the types of the module's dependencies besides the engine's.
func (t *TypescriptSdk) client(introspectionJSON *dagger.File) *dagger.Directory {
	return t.withTools().
		WithMountedFile("/schema.json", introspectionJSON).
		WithExec([]string{
			path.Join(sdkDir, "bin/codegen"), "generate-library", "--lang", "typescript", "--bundle",
			"--introspection-json-path", "/schema.json", "--output", clientDir,
		}).
		Directory(clientDir)
}

func (t *TypescriptSdk) withTools() *dagger.Container {
	return node().WithMountedDirectory(sdkDir, t.SDKSourceDir)
}

// node makes Node and npm trust the certificate authorities that the system trusts: the engine adds its own to
// those before every exec, and removes them after it. Where it finds update-ca-certificates it runs that both
// times, which takes longer than most calls; where it does not, it edits the bundle itself. Hence the PATH.
func node() *dagger.Container {
	return dag.Container().
		From(baseImage).
		WithEnvVariable("PATH", "/usr/local/bin:/usr/bin:/bin").
		WithEnvVariable("NODE_USE_SYSTEM_CA", "1").
		WithEnvVariable("NODE_EXTRA_CA_CERTS", caBundle)
}

func tool(name string) string {
	return path.Join(sdkDir, "tools", name+".js")
}
